using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Results that have a name.</summary>
/// <param name="Name">How they are asked for.</param>
/// <param name="Runs">The tasks, in the order in which they are given out again.</param>
/// <param name="Note">What who published them wanted to tell.</param>
public sealed record PublishedResults(string Name, IReadOnlyList<TaskRun> Runs, ReadOnlyMemory<byte> Note)
{
    public bool Means(IReadOnlyList<TaskRun> runs, ReadOnlyMemory<byte> note) => Runs.SequenceEqual(runs) && Note.Span.SequenceEqual(note.Span);
}
