using Weft.Client.Core;
using Weft.Grpc;
using Weft.Protocol;
using Weft.Serialization;
using V1 = Weft.Protocol.V1;

namespace Weft.Client;

/// <summary>Keeps the session connected: one stream, one writer that sends what the core has, one reader that tells it what came; when it breaks, again.</summary>
internal sealed class SessionRunner(ClientSession session, ISchedulerSource source, BundleCatalog? catalog, WeftClientOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(1);

    private static readonly string WeftVersionText = typeof(SessionRunner).Assembly.GetName().Version!.ToString(3);

    private readonly CancellationTokenSource _closing = new();
    /// <summary>The highest that was met: schedulers of lower ones are dead, or should be.</summary>
    private uint _epoch;

    private readonly TaskCompletionSource _firstWelcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastProblem = "";
    private Task _running = Task.CompletedTask;
    private ITimer? _deadline;

    /// <summary>Told of lines that tasks wrote.</summary>
    public Action<V1.LogLine>? Logged { get; set; }

    /// <summary>Starts, and completes with the first welcome.</summary>
    /// <exception cref="SchedulerLostException">The scheduler refused, or none answered in time; the message says what was wrong last.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        try
        {
            await _firstWelcome.Task.WaitAsync(options.ConnectTimeout, options.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new SchedulerLostException($"No scheduler answered within {options.ConnectTimeout.TotalSeconds:0.#} s. {_lastProblem}");
        }
    }

    /// <summary>Says goodbye if it can, within a moment, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        session.Apply([SessionEvent.Closed.Instance]);
        await Task.WhenAny(_running, Task.Delay(TimeSpan.FromSeconds(2))).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _deadline?.Dispose();
        _closing.Dispose();
    }

    private bool IsClosed => session.Look(static core => core.IsClosed);

    private async Task RunAsync()
    {
        var delay = RetryDelayMin;
        while (!_closing.IsCancellationRequested && !IsClosed)
        {
            var began = options.Time.GetTimestamp();
            await ConnectOnceAsync().ConfigureAwait(false);
            delay = options.Time.GetElapsedTime(began) > RetryDelayMax ? RetryDelayMin : TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, RetryDelayMax.Ticks));
            if (!IsClosed)
            {
                await PauseAsync(delay).ConfigureAwait(false);
            }
        }
    }

    /// <summary>One connection, from the attempt to its end. Whatever ends it is a reason for the next one.</summary>
    private async Task ConnectOnceAsync()
    {
        try
        {
            var scheduler = await source.FindAsync(_closing.Token).ConfigureAwait(false);
            using var broken = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            using var call = scheduler.AsyncDuplexStreamingCall(WeftServices.SessionConnect, new CallOptions(CancellationToken: broken.Token));
            var welcome = await GreetAsync(call).ConfigureAwait(false);
            var writing = WriteAsync(call.RequestStream, scheduler, broken);
            await ReadAsync(call.ResponseStream, broken).ConfigureAwait(false);
            await writing.ConfigureAwait(false);
            _lastProblem = "The scheduler ended the connection.";
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            // Another version: a scheduler that says so will not say anything else later. A session that exists waits, as one of our version may come back.
            _lastProblem = refused.Status.Detail;
            _firstWelcome.TrySetException(new SchedulerLostException($"The scheduler refuses this client: {refused.Status.Detail}", refused));
        }
        catch (Exception problem) when (problem is RpcException or SchedulerLostException or OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            _lastProblem = problem.Message;
        }

        session.Apply([new SessionEvent.Disconnected(_lastProblem)]);
        ArmDeadline();
    }

    /// <summary>An attempt to connect may take long: futures are failed in time all the same.</summary>
    private void ArmDeadline()
    {
        _deadline?.Dispose();
        if (session.Look(static core => core.NextDeadlineMs) is { } deadline)
        {
            var left = TimeSpan.FromMilliseconds(Math.Max(1, deadline - session.NowMs + 1));
            _deadline = options.Time.CreateTimer(_ => session.Apply([SessionEvent.DeadlinePassed.Instance]), state: null, left, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task<V1.ClientWelcome> GreetAsync(AsyncDuplexStreamingCall<V1.ClientBatch, V1.ClientNotice> call)
    {
        var hello = session.Look(core => ClientBatchWriter.Hello(core, options.Name, WeftVersionText, options.FollowLogs));
        await call.RequestStream.WriteAsync(hello).ConfigureAwait(false);
        if (!await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false) || call.ResponseStream.Current.Welcome is not { } welcome)
        {
            throw new SchedulerLostException("The scheduler did not say welcome.");
        }

        if (welcome.Epoch < _epoch)
        {
            throw new SchedulerLostException($"What answers is a scheduler of epoch {welcome.Epoch}, and one of epoch {_epoch} has taken its place.");
        }

        _epoch = welcome.Epoch;
        Hear(call.ResponseStream.Current);
        _firstWelcome.TrySetResult();
        return welcome;
    }

    private async Task ReadAsync(IAsyncStreamReader<V1.ClientNotice> notices, CancellationTokenSource broken)
    {
        try
        {
            while (await notices.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                Hear(notices.Current);
            }
        }
        finally
        {
            await broken.CancelAsync().ConfigureAwait(false);
        }
    }

    private void Hear(V1.ClientNotice notice)
    {
        var events = new List<SessionEvent>();
        ClientNoticeReader.Read(notice, events);
        session.Apply(events);
        foreach (var line in notice.Logs)
        {
            Logged?.Invoke(line);
        }
    }

    /// <summary>Batches of one when idle; under load everything that came up while the last one was written.</summary>
    private async Task WriteAsync(IClientStreamWriter<V1.ClientBatch> batches, CallInvoker scheduler, CancellationTokenSource broken)
    {
        var batch = new OutgoingBatch();
        var bundles = new BundleUploader(catalog);
        try
        {
            while (!batch.Goodbye)
            {
                while (!batch.Goodbye && session.TryTakeBatch(batch))
                {
                    await bundles.UploadAsync(batch, scheduler, broken.Token).ConfigureAwait(false);
                    await batches.WriteAsync(ClientBatchWriter.Write(batch), broken.Token).ConfigureAwait(false);
                }

                if (!batch.Goodbye)
                {
                    await session.WaitForOutgoingAsync(broken.Token).ConfigureAwait(false);
                }
            }

            await batches.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception) when (broken.IsCancellationRequested)
        {
            // The reader knows why.
        }
        catch (IOException)
        {
            // Code that cannot be read: the call ends, and with it the reader.
            await broken.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task PauseAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, options.Time, _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client is being closed.
        }
    }
}
