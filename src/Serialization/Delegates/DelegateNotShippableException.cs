using System.Reflection;

namespace Weft;

/// <summary>
/// A function cannot run anywhere but in this process. The message names the function, what is in the way and what to write instead.
/// </summary>
public sealed class DelegateNotShippableException : Exception
{
    internal DelegateNotShippableException(string member, string reason, Exception? inner = null)
        : base($"'{member}' cannot be shipped to workers: {reason}", inner)
    {
        Member = member;
    }

    /// <summary>The function, as in "Program.Square".</summary>
    public string Member { get; }

    internal static DelegateNotShippableException ForEmitted(string member, Assembly assembly) =>
        new(member, $"its assembly '{assembly.GetName().Name}' was made with Reflection.Emit and has no file; put the code into a compiled assembly.");
}
