using System.Threading.Channels;

namespace Weft.Grpc;

internal sealed class InProcessRequestWriter<TRequest, TResponse>(InProcessCall<TRequest, TResponse> call, ChannelWriter<TRequest> queue)
    : IClientStreamWriter<TRequest>
{
    private WriteGate _gate;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; }

    public async ValueTask WriteAsync(TRequest message, CancellationToken cancellationToken = default)
    {
        _gate.Enter();
        try
        {
            if (_completed) throw new InvalidOperationException("The request stream was completed; no message can follow.");
            if (call.HasEnded) throw call.Error();
            if (queue.TryWrite(message)) return;
            using var registration = call.BreakOn(cancellationToken);
            await queue.WriteAsync(message, call.Token).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw call.HasEnded || call.TryEndAsServed()
                ? call.Error()
                : RpcException.Of(StatusCode.Cancelled, "The message was not sent: the server has ended the call; the response stream tells its status.", closed);
        }
        catch (OperationCanceledException)
        {
            throw call.Error();
        }
        finally
        {
            _gate.Leave();
        }
    }

    public ValueTask CompleteAsync()
    {
        _completed = true;
        queue.TryComplete();
        return ValueTask.CompletedTask;
    }
}
