using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Weft.Primitives;

/// <summary>What must hold if the code is right. It stays on in Release: a breach is our mistake and ends the process that made it.</summary>
public static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require(
        [DoesNotReturnIf(false)] bool holds,
        string rule,
        [CallerArgumentExpression(nameof(holds))] string condition = "")
    {
        if (!holds)
        {
            Break(rule, condition);
        }
    }

    [DoesNotReturn]
    private static void Break(string rule, string condition) => throw new InvariantException($"Broken rule: {rule} ({condition}).");
}

/// <summary>A rule of the code's own was broken. The shell that catches it prints the story of the task and ends the process.</summary>
public sealed class InvariantException(string message) : Exception(message);
