using Weft.Graphs;
using Weft.Scheduler;

namespace Weft.Cli;

/// <summary>What <c>weft bench</c> was asked for.</summary>
/// <param name="Graph">What to run.</param>
/// <param name="AskedTasks">Null: the graph's own size.</param>
/// <param name="Repeats">Timed runs.</param>
internal sealed record BenchRequest(BenchmarkGraph Graph, int? AskedTasks, int Repeats)
{
    public int Tasks => AskedTasks ?? Graph.DefaultTasks;

    public string? SchedulerFile { get; init; }

    public int? Processes { get; init; }

    public int? Local { get; init; }

    /// <summary>No cluster at all: the bodies in this process on so many threads, as an upper bound.</summary>
    public int? Threads { get; init; }

    public bool IsZeroWorker { get; init; }

    /// <summary>Of the scheduler that is started for it.</summary>
    public string Journal { get; init; } = JournalPlace.Auto;

    /// <exception cref="FormatException">What was asked for does not go together; the message says what is allowed.</exception>
    public void Validate()
    {
        var places = new[] { SchedulerFile is not null, Processes is not null, Local is not null, Threads is not null }.Count(static isGiven => isGiven);
        if (places > 1)
        {
            throw new FormatException("only one of --scheduler-file F, --processes N, --local N can be given.");
        }

        if (places == 0 && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(SchedulerFileOption.Variable)))
        {
            throw new FormatException($"one of --scheduler-file F, --processes N, --local N is missing, and the variable {SchedulerFileOption.Variable} is not set.");
        }

        if (IsZeroWorker && Processes is null)
        {
            throw new FormatException("--zero-worker needs --processes N.");
        }

        if (Journal != JournalPlace.Auto && Processes is null)
        {
            throw new FormatException("--journal needs --processes N.");
        }

        if (Tasks < Graph.TasksMin)
        {
            throw new FormatException($"--tasks: {Tasks} is too few: {Graph.Name} has at least {Graph.TasksMin}.");
        }
    }
}
