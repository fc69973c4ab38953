using System.Runtime.CompilerServices;

namespace Weft.Grpc;

/// <summary>The request stream of a call over HTTP/2.</summary>
internal sealed class HttpRequestWriter<TRequest, TResponse>(HttpCall<TRequest, TResponse> call, StreamingContent content) : IClientStreamWriter<TRequest>
{
    /// <summary>A stream that was reset has an answer or none: HttpClient knows already, and is about to say so.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private readonly FrameBuffer _frames = new();
    private WriteGate _gate;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; }

    public ValueTask WriteAsync(TRequest message, CancellationToken cancellationToken = default)
    {
        _gate.Enter();
        bool inFlight = false;
        try
        {
            if (_completed) throw new InvalidOperationException("The request stream was completed; no message can follow.");
            if (call.HasEnded) throw call.Error();
            _frames.Append(message, call.Method.RequestMarshaller, call.RequestSizeMax);
            bool mayWait = WriteOptions is { } options && options.Flags.HasFlag(WriteFlags.BufferHint);
            if (mayWait && _frames.Length < FrameBuffer.BufferedBytesMax) return ValueTask.CompletedTask;

            inFlight = true;
            return SendAsync(cancellationToken);
        }
        finally
        {
            if (!inFlight) _gate.Leave();
        }
    }

    public async ValueTask CompleteAsync()
    {
        _gate.Enter();
        if (_completed || call.HasEnded)
        {
            _gate.Leave();
            return;
        }

        _completed = true;
        if (_frames.Length > 0) await SendAsync(CancellationToken.None).ConfigureAwait(false);
        else _gate.Leave();
        _frames.Dispose();
        content.Finish();
    }

    /// <summary>Leaves the gate that its caller has entered.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        var registration = call.BreakOn(cancellationToken);
        try
        {
            var stream = await content.UseStreamAsync().ConfigureAwait(false);
            await _frames.WriteToAsync(stream, call.Token).ConfigureAwait(false);
            await stream.FlushAsync(call.Token).ConfigureAwait(false);
            _frames.Clear();
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw await ExplainAsync(failure).ConfigureAwait(false);
        }
        finally
        {
            registration.Unregister();
            _gate.Leave();
        }
    }

    /// <summary>A server that answers without reading on resets the request: then its status is in the response, at its end for the reader to find where messages come first.</summary>
    private async ValueTask<RpcException> ExplainAsync(Exception failure)
    {
        if (!call.HasEnded) await Task.WhenAny(call.Response, Task.Delay(AnswerTime)).ConfigureAwait(false);
        if (call.HasEnded) return call.Error();
        var status = TransportFault.ToStatus(failure, call.Address);
        return call.Response is { IsCompletedSuccessfully: true, Result: not null }
            ? new RpcException(new Status(status.StatusCode, $"The message was not sent; the response stream tells the call's own status. {status.Detail}", failure))
            : call.BreakFor(failure);
    }
}
