using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The letters that <c>qstat</c> shows for a job's state.</summary>
internal static class GridEngineState
{
    /// <summary>In this order: a job with an error waits as well, and one that is being deleted may still run. A suspended one waits to go on.</summary>
    public static NodeState Of(string letters) =>
        letters.Contains('d', StringComparison.Ordinal) ? NodeState.Ending
        : letters.Contains('E', StringComparison.Ordinal) ? NodeState.Failed
        : letters.Contains('q', StringComparison.Ordinal) || IsSuspended(letters) ? NodeState.Waiting
        : NodeState.Running;

    /// <summary>What is worth telling beside the state.</summary>
    public static string? Detail(string letters) =>
        letters.Contains('h', StringComparison.Ordinal) ? $"held (state {letters})"
        : IsSuspended(letters) ? $"suspended (state {letters})"
        : letters is "r" or "t" ? null
        : $"state {letters}";

    private static bool IsSuspended(string letters) => letters.AsSpan().IndexOfAny("sSTN") >= 0;
}
