using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace Weft.Grpc.Server;

/// <summary>The request stream of a call over HTTP/2.</summary>
internal sealed class HttpRequestReader<T>(PipeReader pipe, HttpServerCallContext context, Marshaller<T> marshaller, int messageSizeMax)
    : IAsyncStreamReader<T>
{
    private readonly MessageReader<T> _messages = new(pipe, marshaller, messageSizeMax);

    public T Current => _messages.Current;

    public ValueTask<bool> MoveNext(CancellationToken cancellationToken = default)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        return _messages.TryMoveNext() ? new ValueTask<bool>(true) : ReadAsync(cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var registration = cancellationToken.UnsafeRegister(static pipe => ((PipeReader)pipe!).CancelPendingRead(), pipe);
        try
        {
            return await _messages.ReadAsync(context.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is IOException or ConnectionAbortedException)
        {
            throw context.ClientLeft(lost);
        }
        finally
        {
            registration.Unregister();
        }
    }
}
