namespace Weft.Autoscaler.Core;

/// <summary>How the cluster stands, for people: as of the last observation.</summary>
/// <param name="Types">In the order of the options; then those that only nodes bear.</param>
/// <param name="Lines">What is worth a line beside that: tasks that no type can run, nodes that do not leave.</param>
public sealed record AutoscalerReport(IReadOnlyList<NodeTypeReport> Types, IReadOnlyList<string> Lines)
{
    public static readonly AutoscalerReport Empty = new([], []);

    /// <summary>All nodes are going, and the head after them.</summary>
    public bool IsEnding { get; init; }
}

/// <summary>How one node type stands.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Minimum">Nodes that are kept when there is nothing to do: of the file and of the size that somebody asked for the less.</param>
/// <param name="Maximum">Nodes that there may be of this type.</param>
/// <param name="Wanted">Nodes that there should be: those that stay, and those that would be launched if nothing stood in the way.</param>
/// <param name="Waiting">Nodes that were asked for and do not run yet, or have no worker yet.</param>
/// <param name="Running">Nodes with workers that stay.</param>
/// <param name="Leaving">Nodes that drain or end.</param>
/// <param name="Held">Why no more are launched although more are wanted, one line; null: nothing stands in the way.</param>
public sealed record NodeTypeReport(string Type, int Minimum, int Maximum, int Wanted, int Waiting, int Running, int Leaving, string? Held);
