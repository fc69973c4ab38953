namespace Weft;

/// <summary>Other results are published by the name. Unpublish them first, or publish with <c>overwrite: true</c>.</summary>
public sealed class NameInUseException : InvalidOperationException
{
    internal NameInUseException(string name, string message, Exception cause)
        : base(message, cause) => Name = name;

    /// <summary>The name.</summary>
    public string Name { get; }
}
