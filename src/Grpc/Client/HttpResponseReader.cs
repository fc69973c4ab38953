using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Weft.Grpc;

/// <summary>The response stream of a call over HTTP/2.</summary>
internal sealed class HttpResponseReader<TRequest, TResponse>(HttpCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
{
    /// <summary>A stream may be idle for hours: no buffer is held until bytes come.</summary>
    private static readonly StreamPipeReaderOptions PipeOptions = new(bufferSize: 32 * 1024, minimumReadSize: 4 * 1024, useZeroByteReads: true);

    private HttpResponseMessage? _response;
    private PipeReader? _pipe;
    private MessageReader<TResponse>? _messages;

    public TResponse Current => (_messages ?? throw new InvalidOperationException("MoveNext has not been called.")).Current;

    public ValueTask<bool> MoveNext(CancellationToken cancellationToken = default)
    {
        if (_messages is null || call.HasEnded) return OpenAndReadAsync(cancellationToken);

        try
        {
            if (_messages.TryMoveNext()) return new ValueTask<bool>(true);
        }
        catch (Exception malformed)
        {
            throw Fail(malformed);
        }

        return ReadAsync(_messages, cancellationToken);
    }

    private async ValueTask<bool> OpenAndReadAsync(CancellationToken cancellationToken)
    {
        if (call.HasEnded) return HasEndedWell();

        var registration = call.BreakOn(cancellationToken);
        try
        {
            _response = await call.Response.ConfigureAwait(false);
            if (_response is null) return HasEndedWell();
            var body = await _response.Content.ReadAsStreamAsync(call.Token).ConfigureAwait(false);
            _pipe = PipeReader.Create(body, PipeOptions);
            _messages = new MessageReader<TResponse>(_pipe, call.Method.ResponseMarshaller, call.ResponseSizeMax);
        }
        catch (Exception failure)
        {
            throw Fail(failure);
        }
        finally
        {
            registration.Unregister();
        }

        return await MoveNext(cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadAsync(MessageReader<TResponse> messages, CancellationToken cancellationToken)
    {
        var registration = call.BreakOn(cancellationToken);
        try
        {
            if (await messages.ReadAsync(call.Token).ConfigureAwait(false)) return true;
        }
        catch (Exception failure)
        {
            throw Fail(failure);
        }
        finally
        {
            registration.Unregister();
        }

        _pipe!.Complete();
        call.EndWith(_response!);
        return HasEndedWell();
    }

    private bool HasEndedWell()
    {
        if (call.GetStatus().StatusCode != StatusCode.OK) throw call.Error();
        return false;
    }

    private RpcException Fail(Exception failure)
    {
        if (failure is RpcException refused) call.Break(refused.Status);
        else call.BreakFor(failure);
        _pipe?.Complete();
        return call.Error();
    }
}
