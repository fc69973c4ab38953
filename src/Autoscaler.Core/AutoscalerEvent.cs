namespace Weft.Autoscaler.Core;

/// <summary>What the shell tells the core. Every event is legal at any time.</summary>
public abstract record AutoscalerEvent;

/// <summary>The shell has looked around, which it does about once a second.</summary>
public sealed record Observed(Observation Observation) : AutoscalerEvent;

/// <summary>
/// What became of nodes that were asked for by <see cref="LaunchNodes"/>. Said once for each of them, for all at once or in parts. Until then they count as being on their way, so it must be said,
/// after a timeout of the shell's at the latest: nodes that come up in spite of it are found by the list.
/// </summary>
/// <param name="Type">The node type.</param>
/// <param name="First">The number of the first of these nodes.</param>
/// <param name="Count">How many.</param>
/// <param name="Failure">Null: the system has taken the request for them.</param>
public sealed record LaunchAnswered(string Type, int First, int Count, LaunchFailure? Failure) : AutoscalerEvent;

/// <summary>What cores of before have given out, who knew nodes that the system may have forgotten: told before anything else.</summary>
/// <param name="Last">The node with the highest number of each type.</param>
public sealed record NumbersGivenOut(IReadOnlyList<NodeKey> Last) : AutoscalerEvent;

/// <summary>The cluster file has changed. Whatever failed is tried again at once.</summary>
public sealed record OptionsChanged(AutoscalerOptions Options) : AutoscalerEvent;
