using System.Threading.Channels;

namespace Weft.Grpc;

internal sealed class InProcessResponseWriter<TResponse>(ChannelWriter<TResponse> queue, InProcessServerCallContext context) : IServerStreamWriter<TResponse>
{
    private WriteGate _gate;

    public WriteOptions? WriteOptions { get; set; }

    public async ValueTask WriteAsync(TResponse message, CancellationToken cancellationToken = default)
    {
        _gate.Enter();
        try
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            context.SendHeaders();
            if (queue.TryWrite(message)) return;

            using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, cancellationToken);
            await queue.WriteAsync(message, linked.Token).ConfigureAwait(false);
        }
        catch (ChannelClosedException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The client ended the call.", context.CancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }
}
