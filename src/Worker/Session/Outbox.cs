using System.Threading.Channels;
using Weft.Grpc;
using Weft.Protocol;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>
/// The one writer of a worker's stream: takes what has gathered, writes it as one batch, and looks again. When idle that is a batch of one; under
/// load it is what came while the last was being written.
/// </summary>
internal sealed class Outbox : IDisposable
{
    /// <summary>While all slots are busy a report waits this long for others.</summary>
    private const int GatherMs = 1;

    /// <summary>Of one write. Long before, the transport has given up a peer that shows no sign of life, and with it the write.</summary>
    private static readonly long WriteMsMax = 2 * (long)(Limits.KeepAlivePingDelay + Limits.KeepAlivePingTimeout).TotalMilliseconds;

    private readonly WorkerSession _session;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    private readonly Timer _soon;
    private readonly List<V1.WorkerBatch> _batches = [];
    private readonly UnacknowledgedBatches _unacknowledged = new();
    private readonly TaskCompletionSource _farewell = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private V1.Heartbeat? _heartbeat;
    private V1.Leaving? _leave;
    private int _isSoonArmed;

    /// <summary>When the write that is under way began; the end of time while there is none.</summary>
    private long _writingSinceMs = long.MaxValue;

    private volatile string? _farewellReason;

    public Outbox(WorkerSession session)
    {
        _session = session;
        _soon = new Timer(static self => ((Outbox)self!).OnSoon(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Of what was sent and is not known to be safe with the scheduler.</summary>
    public long UnacknowledgedBytes => _unacknowledged.Bytes;

    /// <summary>A write does not end.</summary>
    public bool IsStuck => Environment.TickCount64 - Volatile.Read(ref _writingSinceMs) > WriteMsMax;

    public void Signal() => _signal.Writer.TryWrite(true);

    public void SignalSoon()
    {
        if (Interlocked.Exchange(ref _isSoonArmed, 1) == 0)
        {
            _soon.Change(GatherMs, Timeout.Infinite);
        }
    }

    public void Beat(V1.Heartbeat heartbeat)
    {
        Volatile.Write(ref _heartbeat, heartbeat);
        Signal();
    }

    /// <summary>Asks to be let go.</summary>
    public void Leave(V1.Leaving leaving)
    {
        Volatile.Write(ref _leave, leaving);
        Signal();
    }

    /// <summary>Batches up to this number are safe with the scheduler.</summary>
    public void Acknowledge(ulong upTo) => _unacknowledged.Acknowledge(upTo);

    /// <summary>Sends what there is and then the goodbye; completes when the transport has it.</summary>
    /// <param name="reason">For people; empty: it was asked to leave.</param>
    public Task SayGoodbyeAsync(string reason)
    {
        _farewellReason = reason;
        Signal();
        return _farewell.Task;
    }

    /// <summary>
    /// Writes what an earlier stream may have swallowed, and then what comes, until it is cancelled or has said goodbye. What the stream throws ends it;
    /// the reader of the stream learns why. One stream at a time.
    /// </summary>
    public async Task RunAsync(IClientStreamWriter<V1.WorkerBatch> stream, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var batch in _unacknowledged.All())
            {
                await stream.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            Signal();
            while (await _signal.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _signal.Reader.TryRead(out _);
                var reason = _farewellReason;
                Volatile.Write(ref _writingSinceMs, Environment.TickCount64);
                await WriteOnceAsync(stream, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _writingSinceMs, long.MaxValue);
                if (reason is not null)
                {
                    await stream.WriteAsync(new V1.WorkerBatch { Goodbye = true, GoodbyeReason = reason }, cancellationToken).ConfigureAwait(false);
                    await stream.CompleteAsync().ConfigureAwait(false);
                    _farewell.TrySetResult();
                    return;
                }
            }
        }
        catch (Exception lost) when (lost is RpcException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // The stream is broken: its reader ends for the same cause, and knows it.
        }
        finally
        {
            Volatile.Write(ref _writingSinceMs, long.MaxValue);
            if (_farewellReason is not null)
            {
                _farewell.TrySetResult();
            }
        }
    }

    public void Dispose() => _soon.Dispose();

    private async Task WriteOnceAsync(IClientStreamWriter<V1.WorkerBatch> stream, CancellationToken cancellationToken)
    {
        var reports = _session.TakeReports();
        _batches.Clear();
        WorkerBatchWriter.Write(reports, _batches);
        _batches.ForEach(_unacknowledged.Keep);
        _session.Taken(reports);
        AddExtras();
        for (var place = 0; place < _batches.Count; place++)
        {
            stream.WriteOptions = place < _batches.Count - 1 ? WriteOptions.Buffered : WriteOptions.Default;
            await stream.WriteAsync(_batches[place], cancellationToken).ConfigureAwait(false);
        }
    }

    private void AddExtras()
    {
        var heartbeat = Interlocked.Exchange(ref _heartbeat, null);
        var leave = Interlocked.Exchange(ref _leave, null);
        var logs = _session.Logs.Take();
        if (heartbeat is null && leave is null && logs.Count == 0)
        {
            return;
        }

        if (_batches.Count == 0)
        {
            _batches.Add(new V1.WorkerBatch());
        }

        _batches[^1].Heartbeat = heartbeat;
        _batches[^1].Leaving = leave;
        _batches[^1].Logs.AddRange(logs);
    }

    private void OnSoon()
    {
        Volatile.Write(ref _isSoonArmed, 0);
        Signal();
    }
}
