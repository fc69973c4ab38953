using System.Threading.Channels;

namespace Weft.Grpc;

internal sealed class InProcessResponseReader<TRequest, TResponse>(InProcessCall<TRequest, TResponse> call, ChannelReader<TResponse> queue)
    : IAsyncStreamReader<TResponse>
{
    private TResponse? _current;

    public TResponse Current => _current!;

    public async ValueTask<bool> MoveNext(CancellationToken cancellationToken = default)
    {
        if (!call.HasEnded)
        {
            if (queue.TryRead(out _current)) return true;
            if (await WaitAsync(cancellationToken).ConfigureAwait(false)) return true;
            call.EndAsServed();
        }

        if (call.GetStatus().StatusCode != StatusCode.OK) throw call.Error();
        return false;
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = call.BreakOn(cancellationToken);
        try
        {
            while (await queue.WaitToReadAsync(call.Token).ConfigureAwait(false))
            {
                if (queue.TryRead(out _current)) return true;
            }

            return false;
        }
        catch (OperationCanceledException)
        {
            throw call.Error();
        }
    }
}
