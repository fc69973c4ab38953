using System.Buffers.Binary;
using Google.Protobuf;
using Weft.Grpc;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Cli;

/// <summary>
/// A worker that runs nothing: every task ends at once, and its result is the number of the task, so that results are distinct and in
/// order. It shows what the scheduler costs when nothing else does.
/// </summary>
internal sealed class BenchZeroWorker
{
    /// <summary>MessagePack's 64-bit integer: a marker and eight bytes.</summary>
    private const byte Int64Marker = 0xd3;
    private const int ValueBytes = 1 + sizeof(long);

    private readonly AsyncDuplexStreamingCall<WorkerBatch, WorkerOrders> _call;

    private BenchZeroWorker(AsyncDuplexStreamingCall<WorkerBatch, WorkerOrders> call) => _call = call;

    /// <summary>Runs until the scheduler ends the conversation.</summary>
    public static async Task RunAsync(CallInvoker scheduler, string name, CancellationToken stop)
    {
        using var call = scheduler.AsyncDuplexStreamingCall(WeftServices.WorkConnect, new CallOptions(CancellationToken: stop));
        var hello = new WorkerHello
        {
            ProtocolMajor = Limits.ProtocolMajor,
            WeftVersion = typeof(Limits).Assembly.GetName().Version!.ToString(3),
            Name = name,
            Host = Environment.MachineName,
            ProcessId = (uint)Environment.ProcessId,
            Slots = 1,
            Incarnation = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()),
        };
        await call.RequestStream.WriteAsync(new WorkerBatch { Hello = hello }).ConfigureAwait(false);
        await new BenchZeroWorker(call).AnswerAsync(stop).ConfigureAwait(false);
    }

    private async Task AnswerAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beats = Task.CompletedTask;
        using var gate = new SemaphoreSlim(1);
        while (await _call.ResponseStream.MoveNext().ConfigureAwait(false))
        {
            var orders = _call.ResponseStream.Current;
            if (orders.Welcome is { } welcome)
            {
                beats = BeatAsync(TimeSpan.FromMilliseconds(welcome.HeartbeatIntervalMs), gate, ending.Token);
            }

            var batch = Answer(orders);
            if (batch.CalculateSize() > 0)
            {
                await SendAsync(batch, gate, stop).ConfigureAwait(false);
            }
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await beats.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Everything assigned is done; what is asked back has been done before.</summary>
    private static WorkerBatch Answer(WorkerOrders orders)
    {
        var batch = new WorkerBatch();
        foreach (var assignment in orders.Assignments)
        {
            batch.Completed.Add(Completed(assignment));
        }

        batch.NotRetracted.Add(orders.Retract);
        return batch;
    }

    private static Completed Completed(Assignment assignment)
    {
        var count = (int)assignment.Count;
        var data = new byte[count * ValueBytes];
        var ends = new byte[count * sizeof(uint)];
        for (var index = 0; index < count; index++)
        {
            data[index * ValueBytes] = Int64Marker;

            // One more than the id: the first task of the first session is not to look like no result.
            BinaryPrimitives.WriteInt64BigEndian(data.AsSpan((index * ValueBytes) + 1), (long)(assignment.First + (ulong)index) + 1);
            BinaryPrimitives.WriteUInt32LittleEndian(ends.AsSpan(index * sizeof(uint)), (uint)((index + 1) * ValueBytes));
        }

        return new Completed
        {
            First = assignment.First,
            Count = assignment.Count,
            Attempt = assignment.Attempt,
            DurationNs = 100UL * assignment.Count,
            Data = UnsafeByteOperations.UnsafeWrap(data),
            Ends = UnsafeByteOperations.UnsafeWrap(ends),
        };
    }

    private async Task BeatAsync(TimeSpan interval, SemaphoreSlim gate, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            await SendAsync(new WorkerBatch { Heartbeat = new Heartbeat { MemoryBytes = (ulong)Environment.WorkingSet } }, gate, stop).ConfigureAwait(false);
        }
    }

    /// <summary>One writer at a time: heartbeats come between answers.</summary>
    private async Task SendAsync(WorkerBatch batch, SemaphoreSlim gate, CancellationToken stop)
    {
        await gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            await _call.RequestStream.WriteAsync(batch).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }
}
