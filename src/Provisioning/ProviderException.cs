namespace Weft.Provisioning;

/// <summary>A system that nodes come from refused, or could not be asked. The message is one line for people, with the system's own words.</summary>
public sealed class ProviderException : Exception
{
    public ProviderException(FailureKind kind, string message)
        : base(message) => Kind = kind;

    public ProviderException(FailureKind kind, string message, Exception cause)
        : base(message, cause) => Kind = kind;

    public FailureKind Kind { get; }
}
