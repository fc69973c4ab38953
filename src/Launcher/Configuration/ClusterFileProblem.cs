namespace Weft.Launcher;

/// <summary>One thing that is wrong in a cluster file.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Line">From one on.</param>
/// <param name="Column">From one on.</param>
/// <param name="Key">With the sections that it is in: <c>provider.queue</c>; empty: the file itself.</param>
/// <param name="Message">What is wrong, and what is allowed.</param>
public sealed record ClusterFileProblem(string File, int Line, int Column, string Key, string Message)
{
    /// <summary>The name that was probably meant; null: nothing is near.</summary>
    public string? Nearest { get; init; }

    /// <summary>One line, in the form that editors find their way by.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(Key.Length > 0 ? $"{Key}: " : "")}{Message}{(Nearest is null ? "" : $" Did you mean '{Nearest}'?")}";
}
