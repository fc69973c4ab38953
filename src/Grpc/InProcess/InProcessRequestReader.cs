using System.Threading.Channels;

namespace Weft.Grpc;

internal sealed class InProcessRequestReader<TRequest>(ChannelReader<TRequest> queue, CancellationToken callEnded) : IAsyncStreamReader<TRequest>
{
    private TRequest? _current;

    public TRequest Current => _current!;

    public async ValueTask<bool> MoveNext(CancellationToken cancellationToken = default)
    {
        callEnded.ThrowIfCancellationRequested();
        if (queue.TryRead(out _current)) return true;

        using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(callEnded, cancellationToken) : null;
        while (await queue.WaitToReadAsync(linked?.Token ?? callEnded).ConfigureAwait(false))
        {
            if (queue.TryRead(out _current)) return true;
        }

        // A call that broke closes the queue too: that is no regular end.
        callEnded.ThrowIfCancellationRequested();
        return false;
    }
}
