using System.Reflection;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>One stream to one scheduler, from hello to its end.</summary>
internal sealed partial class SchedulerConnection(
    WorkerHostOptions options,
    SchedulerLink link,
    string address,
    WorkerLife life,
    Action welcomed) : IAsyncDisposable
{
    /// <summary>After the goodbye the scheduler ends the stream; one that does not is left.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _leaving = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HeartbeatSource _heartbeat = new();
    private volatile bool _saidGoodbye;
    private volatile string? _unfit;

    private WorkerSession? Session => life.Session;

    public async Task<ConnectionOutcome> RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, _leaving.Token);
        var wasWelcomed = false;
        try
        {
            using var call = link.Invoker.AsyncDuplexStreamingCall(WeftServices.WorkConnect, new CallOptions(CancellationToken: ending.Token)
            {
                MaxReceiveMessageSize = Limits.MessageBytesMax,
                MaxSendMessageSize = Limits.MessageBytesMax,
            });
            ending.CancelAfter(options.WelcomeTimeout);
            await call.RequestStream.WriteAsync(new V1.WorkerBatch { Hello = Hello() }, ending.Token).ConfigureAwait(false);
            if (await ReadWelcomeAsync(call.ResponseStream, ending).ConfigureAwait(false) is not { } welcome)
            {
                return ConnectionOutcome.Lost("The scheduler closed the stream without a welcome.");
            }

            wasWelcomed = true;
            if (welcome.Welcome.Epoch < life.Epoch)
            {
                return ConnectionOutcome.Lost($"The scheduler at {welcome.Welcome.SchedulerId} is of epoch {welcome.Welcome.Epoch}; one of epoch {life.Epoch} has taken its place.");
            }

            if (Session is not null && !welcome.Welcome.KnowsPast)
            {
                await life.EndAsync().ConfigureAwait(false);
                return ConnectionOutcome.Lost("The scheduler knows nothing of what this worker did before.");
            }

            var outcome = await ServeAsync(call, welcome, ending).ConfigureAwait(false);
            return _saidGoodbye && outcome.End is null ? Stopped() : outcome;
        }
        catch (RpcException refused) when (IsRefusal(refused.StatusCode))
        {
            return ConnectionOutcome.Ended(WorkerEndReason.Refused, refused.Status.Detail);
        }
        catch (Exception lost) when (lost is RpcException or OperationCanceledException)
        {
            return IsLeaving(stopping) ? Stopped()
                : !wasWelcomed && ending.IsCancellationRequested ? ConnectionOutcome.Lost($"The scheduler did not answer within {options.WelcomeTimeout}.")
                : ConnectionOutcome.Lost((lost as RpcException)?.Status.Detail ?? lost.Message);
        }
        catch (InvalidDataException malformed)
        {
            return ConnectionOutcome.Lost(malformed.Message);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>A session's setup failed on this new worker: it leaves at once, and what came to it already runs elsewhere.</summary>
    private async Task LeaveUnfitAsync(WorkerSession session)
    {
        var reason = await session.Unfit.ConfigureAwait(false);
        if (_ended.Task.IsCompleted)
        {
            return;
        }

        _unfit = reason;
        _saidGoodbye = true;
        await Task.WhenAny(session.Outbox.SayGoodbyeAsync(_unfit), Task.Delay(FarewellTimeout)).ConfigureAwait(false);
        await Task.WhenAny(_ended.Task, Task.Delay(FarewellTimeout)).ConfigureAwait(false);
        await _leaving.CancelAsync().ConfigureAwait(false);
    }

    private bool IsLeaving(CancellationToken stopping) =>
        _saidGoodbye || _leaving.IsCancellationRequested || stopping.IsCancellationRequested;

    private ConnectionOutcome Stopped() => _unfit is { } reason
        ? ConnectionOutcome.Ended(WorkerEndReason.SetupFailed, reason)
        : ConnectionOutcome.Ended(WorkerEndReason.Stopped, "The worker was stopped.");

    private static bool IsRefusal(StatusCode code) => code is StatusCode.Unauthenticated or StatusCode.PermissionDenied
        or StatusCode.FailedPrecondition or StatusCode.InvalidArgument or StatusCode.AlreadyExists or StatusCode.Unimplemented;

    private static async Task<V1.WorkerOrders?> ReadWelcomeAsync(IAsyncStreamReader<V1.WorkerOrders> orders, CancellationTokenSource ending)
    {
        var came = await orders.MoveNext(ending.Token).ConfigureAwait(false);
        ending.CancelAfter(Timeout.InfiniteTimeSpan);
        return !came ? null
            : orders.Current.Welcome is null ? throw new InvalidDataException("The scheduler's first message bears no welcome.")
            : orders.Current;
    }

    private async Task<ConnectionOutcome> ServeAsync(
        AsyncDuplexStreamingCall<V1.WorkerBatch, V1.WorkerOrders> call, V1.WorkerOrders first, CancellationTokenSource ending)
    {
        welcomed();
        var session = life.Begin(first.Welcome);
        _ = LeaveUnfitAsync(session);
        var writing = session.Outbox.RunAsync(call.RequestStream, ending.Token);
        var intervalMs = (int)Math.Clamp(first.Welcome.HeartbeatIntervalMs, Limits.HeartbeatIntervalMin.TotalMilliseconds, 60_000);
        using var beat = new Timer(_ => session.Outbox.Beat(_heartbeat.Take(session)), null, 0, intervalMs);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, session.Ending);
        try
        {
            return await TakeOrdersAsync(call.ResponseStream, first, session, reading.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (session.Broken is not null && (ended is OperationCanceledException or RpcException))
        {
            return ConnectionOutcome.Ended(WorkerEndReason.Broken, session.Broken!, shouldRestart: true);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
    }

    private async Task<ConnectionOutcome> TakeOrdersAsync(
        IAsyncStreamReader<V1.WorkerOrders> stream, V1.WorkerOrders first, WorkerSession session, CancellationToken cancellationToken)
    {
        var scratch = new List<WorkerEvent>();
        var orders = first;
        while (true)
        {
            session.Take(orders, scratch);
            if (orders.Stop is { } stop)
            {
                return _leaveOrder is null
                    ? ConnectionOutcome.Ended(WorkerEndReason.Told, stop.Reason, stop.Restart)
                    : ConnectionOutcome.Ended(WorkerEndReason.Stopped, stop.Reason);
            }

            if (!await stream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                return ConnectionOutcome.Lost("The scheduler ended the stream.");
            }

            orders = stream.Current;
        }
    }

    private V1.WorkerHello Hello()
    {
        life.Use(link);
        var hello = new V1.WorkerHello
        {
            ProtocolMajor = Limits.ProtocolMajor,
            WeftVersion = typeof(WorkerHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Name = options.Name,
            Host = Environment.MachineName,
            ProcessId = (uint)Environment.ProcessId,
            Slots = (uint)options.Slots,
            MemoryLimitBytes = (ulong)Math.Max(0, options.MemoryLimitBytes),
            Address = address,
            Fingerprint = options is { Certificate: { } certificate, ListenAddress: not null } ? ClusterCertificate.FingerprintOf(certificate) : "",
            Incarnation = Google.Protobuf.ByteString.CopyFrom(life.Incarnation),
            Supervised = options.LifePage is not null,
        };
        options.Resources.AddTo(hello.Resources);
        if (Session is { } session)
        {
            hello.Epoch = life.Epoch;
            hello.Resumed = true;
            hello.Restarts = life.Restarts;
            session.ComeBack(hello);
        }

        return hello;
    }
}
