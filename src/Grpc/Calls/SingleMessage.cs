namespace Weft.Grpc;

/// <summary>The sides of a call that carry exactly one message, on transports that know only streams.</summary>
internal static class SingleMessage
{
    public static async ValueTask<T> OfRequestsAsync<T>(IAsyncStreamReader<T> requests, ServerCallContext context)
    {
        if (!await requests.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            throw RpcException.Of(StatusCode.Unimplemented, $"{context.Method} takes one request and none was sent.");
        }

        T request = requests.Current;
        if (await requests.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            throw RpcException.Of(StatusCode.Unimplemented, $"{context.Method} takes one request and more were sent.");
        }

        return request;
    }

    /// <summary>A response is sent only with status OK; it waits in the buffer so that it leaves together with its trailers.</summary>
    public static ValueTask RespondAsync<T>(IServerStreamWriter<T> responses, T response, ServerCallContext context)
    {
        if (context.Status.StatusCode != StatusCode.OK) return ValueTask.CompletedTask;
        responses.WriteOptions = WriteOptions.Buffered;
        return responses.WriteAsync(response);
    }

    public static async Task<T> OfResponsesAsync<T>(ClientCall call, IAsyncStreamReader<T> responses)
    {
        try
        {
            if (!await responses.MoveNext(CancellationToken.None).ConfigureAwait(false)) throw call.Break(StatusCode.Internal, "The server sent no response.");
            T response = responses.Current;
            if (await responses.MoveNext(CancellationToken.None).ConfigureAwait(false)) throw call.Break(StatusCode.Internal, "The server sent more than one response.");
            return response;
        }
        finally
        {
            call.Dispose();
        }
    }
}
