using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>Carries out the core's fetches: asks one peer for some results, puts them into the store as they come, and tells the core.</summary>
internal sealed class PeerFetcher(ObjectStore store, PeerChannels peers, TimeSpan timeout, Action<WorkerEvent> tell, CancellationToken ending)
{
    public void Begin(FetchValues fetch) => _ = Task.Run(() => FetchAsync(fetch), CancellationToken.None);

    private async Task FetchAsync(FetchValues fetch)
    {
        var outcome = FetchOutcome.PeerLost;
        try
        {
            await ReceiveAsync(fetch).ConfigureAwait(false);
            outcome = FetchOutcome.Answered;
        }
        catch (Exception lost) when (lost is RpcException or OperationCanceledException or InvalidDataException or UriFormatException or ArgumentException or ObjectDisposedException)
        {
            // Another holder is asked, and the scheduler when there is none: the core decides.
        }
        finally
        {
            tell(new FetchEnded(fetch.Fetch, outcome));
        }
    }

    private async Task ReceiveAsync(FetchValues fetch)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending);
        patience.CancelAfter(timeout);
        var request = new V1.FetchRequest();
        foreach (var task in fetch.Tasks)
        {
            request.Tasks.Add(task.Value);
        }

        using var call = peers.For(fetch.Peer).AsyncServerStreamingCall(
            WeftServices.TransferFetch, new CallOptions(CancellationToken: patience.Token), request);
        var arriving = new ArrivingValue();
        try
        {
            while (await call.ResponseStream.MoveNext(patience.Token).ConfigureAwait(false))
            {
                patience.CancelAfter(timeout);
                if (arriving.Take(call.ResponseStream.Current) is { } value)
                {
                    store.Put(value.Task, value.Buffer, value.Length);
                    tell(new ValueFetched(fetch.Fetch, value.Task, value.Length));
                }
            }
        }
        finally
        {
            arriving.Abandon();
        }
    }

    /// <summary>Puts one result together from its chunks.</summary>
    private sealed class ArrivingValue
    {
        private ValueBuffer? _buffer;
        private TaskId _task;
        private int _length;
        private int _filled;

        public (TaskId Task, ValueBuffer Buffer, int Length)? Take(V1.FetchChunk chunk)
        {
            if (chunk.NotHere)
            {
                return null;
            }

            if (_buffer is null)
            {
                _length = chunk.SizeBytes <= (ulong)Array.MaxLength ? (int)chunk.SizeBytes : throw new InvalidDataException("size_bytes");
                _task = new TaskId(chunk.Task);
                _filled = 0;
                _buffer = ValueBuffer.Rent(_length);
            }

            if (chunk.Task != _task.Value || chunk.Data.Length > _length - _filled)
            {
                throw new InvalidDataException("A peer's chunks do not fit together.");
            }

            chunk.Data.Span.CopyTo(_buffer.Array.AsSpan(_filled));
            _filled += chunk.Data.Length;
            if (_filled < _length)
            {
                return null;
            }

            var complete = _buffer;
            _buffer = null;
            return (_task, complete, _length);
        }

        public void Abandon()
        {
            _buffer?.Release();
            _buffer = null;
        }
    }
}
