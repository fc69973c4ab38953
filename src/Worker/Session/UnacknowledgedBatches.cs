using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>
/// Ends of attempts that were sent and that the scheduler has not said are safe with it: they are said again to the next one. Thread safe.
/// </summary>
internal sealed class UnacknowledgedBatches
{
    private readonly Lock _gate = new();
    private readonly Queue<(V1.WorkerBatch Batch, long Bytes)> _batches = new();
    private ulong _lastNumber;

    /// <summary>Of what is kept, on the wire.</summary>
    public long Bytes { get; private set; }

    /// <summary>Numbers a batch that is about to be sent, and keeps what of it may have to be said again.</summary>
    public void Keep(V1.WorkerBatch batch)
    {
        if (batch.Completed.Count + batch.Failed.Count == 0)
        {
            return;
        }

        batch.Number = ++_lastNumber;
        var kept = new V1.WorkerBatch { Number = batch.Number };
        kept.Completed.AddRange(batch.Completed);
        kept.Failed.AddRange(batch.Failed);
        lock (_gate)
        {
            var bytes = kept.CalculateSize();
            _batches.Enqueue((kept, bytes));
            Bytes += bytes;
        }
    }

    public void Acknowledge(ulong upTo)
    {
        lock (_gate)
        {
            while (_batches.TryPeek(out var first) && first.Batch.Number <= upTo)
            {
                Bytes -= _batches.Dequeue().Bytes;
            }
        }
    }

    public V1.WorkerBatch[] All()
    {
        lock (_gate)
        {
            return [.. _batches.Select(static kept => kept.Batch)];
        }
    }
}
