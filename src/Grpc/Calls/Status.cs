namespace Weft.Grpc;

/// <summary>The end of a call: a code, a sentence for people, and on the side that met it the exception behind it.</summary>
public readonly struct Status(StatusCode statusCode, string detail, Exception? debugException = null)
{
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    public StatusCode StatusCode { get; } = statusCode;

    public string Detail { get => field ?? ""; } = detail;

    /// <summary>Never sent; it helps whoever debugs the side that made this status.</summary>
    public Exception? DebugException { get; } = debugException;

    public override string ToString() => $"{StatusCode}: {Detail}";
}
