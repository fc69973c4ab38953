namespace Weft;

/// <summary>
/// A function cannot run anywhere but in this process. The message names the function, what is in the way and what to write instead.
/// </summary>
public sealed class DelegateNotShippableException : Exception
{
    internal DelegateNotShippableException(string member, string reason)
        : base($"'{member}' cannot be shipped to workers: {reason}")
    {
        Member = member;
    }

    /// <summary>The function, as in "Program.Square".</summary>
    public string Member { get; }
}
