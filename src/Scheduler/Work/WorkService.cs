using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Serves workers: one stream each.</summary>
internal sealed class WorkService(SchedulerLoop loop, SchedulerIdentity identity, TimeSpan heartbeatInterval, Action<uint> higherEpochSeen)
{
    private int _workers;

    public async Task ConnectAsync(IAsyncStreamReader<WorkerBatch> batches, IServerStreamWriter<WorkerOrders> orders, ServerCallContext context)
    {
        if (!await batches.MoveNext(context.CancellationToken).ConfigureAwait(false) || batches.Current.Hello is not { } hello)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The first message of a worker must bear a hello."));
        }

        PeerVersion.Require(hello.ProtocolMajor, hello.WeftVersion, "worker");
        if (hello.Epoch > identity.Epoch)
        {
            higherEpochSeen(hello.Epoch);
            throw new RpcException(new Status(StatusCode.Unavailable, $"This scheduler is of epoch {identity.Epoch}; one of epoch {hello.Epoch} has taken its place."));
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var peer = new WorkerPeer(new WorkerId(Interlocked.Increment(ref _workers)), hello, loop.Functions, orders, loop.OnWritten, ended.Token)
        {
            LastHeardMs = Environment.TickCount64,
        };
        var knowsPast = loop.HasPast || hello.Epoch == identity.Epoch;
        var joined = ReadHello(peer.Id, hello, knowsPast);
        peer.Outbox.Open(0).Welcome = new WorkerWelcome
        {
            Worker = (uint)peer.Id.Value,
            Epoch = identity.Epoch,
            SchedulerId = identity.Id,
            HeartbeatIntervalMs = (uint)heartbeatInterval.TotalMilliseconds,
            InlineBytesMax = Limits.InlineBytesMax,
            KnowsPast = knowsPast,
        };
        loop.Join(peer, joined);
        var reason = "its connection ended";
        string? farewell = null;
        try
        {
            farewell = await PumpAsync(batches, peer, ended.Token).ConfigureAwait(false);
        }
        catch (ProtocolException fault)
        {
            reason = fault.Message;
            throw new RpcException(new Status(StatusCode.InvalidArgument, fault.Message));
        }
        finally
        {
            loop.Leave(peer, farewell ?? reason, isGraceful: farewell is not null);
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private static WorkerJoined ReadHello(WorkerId id, WorkerHello hello, bool knowsPast)
    {
        try
        {
            return WorkerBatchReader.ReadJoined(id, hello, knowsPast);
        }
        catch (ProtocolException fault)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, fault.Message));
        }
    }

    /// <returns>What the worker said when it said goodbye; null: it did not.</returns>
    private async Task<string?> PumpAsync(IAsyncStreamReader<WorkerBatch> batches, WorkerPeer peer, CancellationToken ended)
    {
        while (await batches.NextAsync(peer.Dismissed.Task, ended).ConfigureAwait(false))
        {
            var batch = batches.Current;
            peer.LastHeardMs = Environment.TickCount64;
            if (batch.Heartbeat is { } heartbeat)
            {
                peer.Heartbeat = heartbeat;
            }

            loop.Hear(peer, WorkerBatchReader.Read(peer.Id, batch), batch.Number, batch.Heartbeat is not null);
            if (batch.Logs.Count > 0)
            {
                loop.Post(() => Pass(batch));
            }

            if (batch.Goodbye)
            {
                return batch.GoodbyeReason.Length == 0 ? "it was asked to leave" : batch.GoodbyeReason;
            }

            await LoopPressure.WaitAsync(loop, ended).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Hands console lines to the clients that follow them.</summary>
    private void Pass(WorkerBatch batch)
    {
        foreach (var line in batch.Logs)
        {
            if (loop.Clients.TryGetValue(new TaskId(line.Task).Session.Value, out var client) && client.FollowsLogs)
            {
                client.AddLog(line);
            }
        }
    }
}
