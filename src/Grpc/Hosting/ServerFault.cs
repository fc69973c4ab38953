namespace Weft.Grpc;

/// <summary>What a client is told of a handler that threw.</summary>
internal static class ServerFault
{
    /// <summary>A handler's own exception stays here: its text may hold what a caller must not see.</summary>
    public static readonly Status HandlerThrew = new(StatusCode.Unknown, "Exception was thrown by handler.");

    public static readonly Status DeadlinePassed = new(StatusCode.DeadlineExceeded, "The deadline of the call has passed.");

    public static readonly Status ClientLeft = new(StatusCode.Cancelled, "The client ended the call.");

    public static Status ToStatus(Exception thrown, ServerCallContext context, Action<ServerCallContext, Exception>? handlerFailed)
    {
        switch (thrown)
        {
            case RpcException refused:
                context.ResponseTrailers.AddAll(refused.Trailers);
                return refused.Status;
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested:
                return ClientLeft;
            default:
                handlerFailed?.Invoke(context, thrown);
                return HandlerThrew;
        }
    }
}
