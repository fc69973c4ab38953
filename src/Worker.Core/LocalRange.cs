using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>
/// Tasks of one assignment that have not begun here. A range stays one entry and shrinks from the front as chunks are taken;
/// it is split only where its members diverge. Tasks that wait for inputs are ranges of one.
/// </summary>
internal sealed class LocalRange(Assignment assignment, TaskRun run, long arrival) : IRunEntry
{
    public Assignment Assignment { get; } = assignment;

    public TaskRun Run { get; set; } = run;

    /// <summary>When its assignment came: the order among equal priorities.</summary>
    public long Arrival { get; } = arrival;

    public LocalPhase Phase { get; set; }

    /// <summary>Inputs that are not here yet; zero unless blocked.</summary>
    public int Unmet { get; set; }

    /// <summary>What it waits for, an entry for each time it names it; those that have come since are <see cref="InputSource.Gone"/>. Null unless blocked.</summary>
    public List<AwaitedInput>? Awaited { get; set; }

    /// <summary>How many values had been dropped from the store when its inputs were last seen to be there.</summary>
    public long RemovalsSeen { get; set; }

    public AttemptRun Tasks => new(Run, Assignment.Attempt);

    public override string ToString() => $"{Run}@{Assignment.Attempt} {Phase}" + (Unmet > 0 ? $" ({Unmet} inputs unmet)" : "");
}

internal enum LocalPhase : byte
{
    Ready,
    Blocked,

    /// <summary>Taken, retracted or cancelled: queues that still refer to it skip it.</summary>
    Gone,
}
