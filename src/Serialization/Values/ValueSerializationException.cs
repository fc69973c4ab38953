using System.Diagnostics.CodeAnalysis;

namespace Weft.Serialization;

/// <summary>A value cannot be written, or data cannot be read back. The message names the member and the reason.</summary>
public sealed class ValueSerializationException : Exception
{
    private readonly string _reason;

    public ValueSerializationException(string reason, Exception? innerException = null)
        : base(reason, innerException) => _reason = reason;

    /// <summary>Where in the value it happened, from its root: <c>Order.Lines[3].Socket</c>. Empty when the whole value is meant.</summary>
    public string MemberPath { get; private set; } = "";

    public override string Message => MemberPath.Length == 0 ? _reason : $"{MemberPath}: {_reason}";

    internal static ValueSerializationException Refused(Type type, string reason) =>
        new($"{TypeNames.Display(type)} cannot be serialized: {reason}.");

    [DoesNotReturn]
    internal static void Malformed(string what) => throw new ValueSerializationException($"Malformed data: {what}.");

    /// <summary>
    /// Adds the container that the exception passes through, innermost first. Always false: it is called as an exception filter, so that nothing is caught
    /// and thrown again on the way. Hundreds of nested rethrows take more stack than the values did.
    /// </summary>
    internal bool Within(string segment)
    {
        if (segment.Length > 0)
        {
            MemberPath = MemberPath.Length == 0 || MemberPath[0] == '[' ? segment + MemberPath : $"{segment}.{MemberPath}";
        }

        return false;
    }

    internal bool WithinElement(long index) => Within($"[{index}]");
}
