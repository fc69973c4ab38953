namespace Weft;

/// <summary>Tasks with another definition have the <see cref="TaskOptions.Key"/> that a submission asked for.</summary>
public sealed class KeyInUseException : InvalidOperationException
{
    internal KeyInUseException(string key, string message)
        : base(message) => Key = key;

    /// <summary>The key.</summary>
    public string Key { get; }
}
