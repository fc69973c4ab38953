namespace Weft.Launcher;

/// <summary>What a cluster file says, or all that is wrong with it.</summary>
/// <param name="Configuration">Null: there are problems.</param>
/// <param name="Problems">In the order of the file.</param>
public sealed record ClusterFileResult(ClusterConfiguration? Configuration, IReadOnlyList<ClusterFileProblem> Problems);
