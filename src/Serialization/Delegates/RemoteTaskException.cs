namespace Weft;

/// <summary>An exception of a task whose own type could not be made again here. It says what the original said.</summary>
public sealed class RemoteTaskException : Exception
{
    internal RemoteTaskException(string originalType, string originalMessage, string remoteStackTrace)
        : base($"{Short(originalType)}: {originalMessage}")
    {
        OriginalType = originalType;
        OriginalMessage = originalMessage;
        RemoteStackTrace = remoteStackTrace;
    }

    /// <summary>The type that was thrown, assembly-qualified without a version.</summary>
    public string OriginalType { get; }

    public string OriginalMessage { get; }

    /// <summary>Where it was thrown. It is also the first part of <see cref="Exception.StackTrace"/>.</summary>
    public string RemoteStackTrace { get; }

    private static string Short(string type) => type.Split(',')[0];
}
