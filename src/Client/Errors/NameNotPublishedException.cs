namespace Weft;

/// <summary>Nothing is published by the name: it never was, or it was unpublished.</summary>
public sealed class NameNotPublishedException : InvalidOperationException
{
    internal NameNotPublishedException(string name, string message, Exception cause)
        : base(message, cause) => Name = name;

    /// <summary>The name.</summary>
    public string Name { get; }
}
