namespace Weft.Launcher;

/// <summary>What a build complained of, as short as it can be.</summary>
internal static class BuildErrors
{
    private const int LinesMax = 20;

    /// <summary>Its errors, each once; what it said last, if it named none.</summary>
    public static IReadOnlyList<string> Of(CommandResult build)
    {
        var lines = $"{build.Output}\n{build.Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var errors = lines.Where(static line => line.Contains(": error ", StringComparison.Ordinal) || line.StartsWith("error ", StringComparison.Ordinal)).Distinct().ToArray();
        return errors switch
        {
            [] when lines.Length == 0 => [build.Complaint],
            [] => [.. lines.TakeLast(LinesMax)],
            { Length: > LinesMax } => [.. errors.Take(LinesMax), $"and {errors.Length - LinesMax} more"],
            _ => errors,
        };
    }
}
