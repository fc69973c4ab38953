using System.Reflection;
using System.Security.Cryptography;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>One stream to one scheduler, from hello to its end, and the incarnation that lives with it.</summary>
internal sealed partial class SchedulerConnection(
    WorkerHostOptions options,
    SchedulerLink link,
    string address,
    CodeLibrary code,
    PeerChannels peers,
    Action welcomed) : IAsyncDisposable
{
    private static readonly TimeSpan WelcomeTimeout = TimeSpan.FromSeconds(30);

    /// <summary>After the goodbye the scheduler ends the stream; one that does not is left.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _leaving = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HeartbeatSource _heartbeat = new();
    private readonly InsideClients _insideClients = new(options.Name, link.Invoker, peers);
    private volatile WorkerSession? _session;
    private volatile bool _saidGoodbye;
    private volatile string? _unfit;

    public WorkerSession? Session => _session;

    public async Task<ConnectionOutcome> RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, _leaving.Token);
        try
        {
            using var call = link.Invoker.AsyncDuplexStreamingCall(WeftServices.WorkConnect, new CallOptions(CancellationToken: ending.Token)
            {
                MaxReceiveMessageSize = Limits.MessageBytesMax,
                MaxSendMessageSize = Limits.MessageBytesMax,
            });
            await call.RequestStream.WriteAsync(new V1.WorkerBatch { Hello = Hello() }, ending.Token).ConfigureAwait(false);
            if (await ReadWelcomeAsync(call.ResponseStream, ending).ConfigureAwait(false) is not { } welcome)
            {
                return ConnectionOutcome.Lost("The scheduler closed the stream without a welcome.");
            }

            var outcome = await ServeAsync(call, welcome, ending).ConfigureAwait(false);
            return _saidGoodbye && outcome.End is null ? Stopped() : outcome;
        }
        catch (RpcException refused) when (IsRefusal(refused.StatusCode))
        {
            return ConnectionOutcome.Ended(WorkerEndReason.Refused, refused.Status.Detail);
        }
        catch (RpcException lost)
        {
            return IsLeaving(stopping) ? Stopped() : ConnectionOutcome.Lost(lost.Status.Detail);
        }
        catch (OperationCanceledException)
        {
            return IsLeaving(stopping)
                ? Stopped()
                : ConnectionOutcome.Lost($"The scheduler did not answer within {WelcomeTimeout}.");
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
        _session?.Dispose();
        await _insideClients.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A session's setup failed on this new worker: it leaves at once, and what came to it already runs elsewhere.</summary>
    private async Task LeaveUnfitAsync(WorkerSession session)
    {
        _unfit = await session.Unfit.ConfigureAwait(false);
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
        ending.CancelAfter(WelcomeTimeout);
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
        var session = new WorkerSession(options, first.Welcome, code, peers, _insideClients);
        _session = session;
        _ = LeaveUnfitAsync(session);
        var writing = session.Outbox.RunAsync(call.RequestStream, ending.Token);
        var intervalMs = (int)Math.Clamp(first.Welcome.HeartbeatIntervalMs, 10, 60_000);
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
            session.Dispose();
            await ending.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
            session.Outbox.Dispose();
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
        // Anew with each connection: its store is empty, so it is another worker to the scheduler.
        var incarnation = RandomNumberGenerator.GetBytes(16);
        options.LifePage?.BeginIncarnation(incarnation);
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
            Incarnation = Google.Protobuf.ByteString.CopyFrom(incarnation),
            Supervised = options.LifePage is not null,
        };
        options.Resources.AddTo(hello.Resources);
        return hello;
    }
}
