using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>
/// A range of tasks that the scheduler wants run here, with one attempt and equal treatment. It never changes: what becomes of
/// its parts is in <see cref="LocalRange"/>s and slots, which name members by their place in it.
/// </summary>
public sealed class Assignment
{
    public required TaskRun Run { get; init; }

    public required Attempt Attempt { get; init; }

    /// <summary>The scheduler's number for the function.</summary>
    public required uint Function { get; init; }

    public int Priority { get; init; }

    /// <summary>How long one task may run; 0 is without end.</summary>
    public long RunTimeoutMs { get; init; }

    /// <summary>Results stay in this worker's store until freed, small ones too.</summary>
    public bool Keep { get; init; }

    /// <summary>Results stay here, and only their sizes are told, of small ones too.</summary>
    public bool Store { get; init; }

    /// <summary>One entry for all tasks; used when <see cref="Arguments"/> is empty.</summary>
    public ReadOnlyMemory<byte> SharedArguments { get; init; }

    /// <summary>One entry for each task, or empty.</summary>
    public ByteColumn Arguments { get; init; }

    /// <summary>Immediate inputs: <see cref="InputsPerTask"/> for each task in order, or empty.</summary>
    public ByteColumn InputValues { get; init; }

    public int InputsPerTask { get; init; }

    /// <summary>Inputs by id; null when they are immediate or there are none.</summary>
    public InputIds? Inputs { get; init; }

    public int PlaceOf(TaskId task) => (int)(task - Run.First);

    public ReadOnlyMemory<byte> ArgumentsOf(int place) => Arguments.Count == 0 ? SharedArguments : Arguments[place];
}
