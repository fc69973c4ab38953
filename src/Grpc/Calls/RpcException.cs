namespace Weft.Grpc;

/// <summary>A call ended with a status other than OK. Thrown by a handler, it gives the call that status and these trailers.</summary>
public sealed class RpcException : Exception
{
    public RpcException(Status status)
        : this(status, [])
    {
    }

    public RpcException(Status status, Metadata trailers)
        : base(status.ToString(), status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    public Status Status { get; }

    public StatusCode StatusCode => Status.StatusCode;

    public Metadata Trailers { get; }

    internal static RpcException Of(StatusCode code, string detail, Exception? cause = null) => new(new Status(code, detail, cause));
}
