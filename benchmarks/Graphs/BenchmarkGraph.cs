namespace Weft.Graphs;

/// <summary>A task graph of a given size with a known right answer.</summary>
/// <param name="name">What it is called on the command line.</param>
/// <param name="summary">One line for people.</param>
/// <param name="defaultTasks">A size that takes about a second or less.</param>
/// <param name="tasksMin">The smallest size that has this shape.</param>
public abstract class BenchmarkGraph(string name, string summary, int defaultTasks, int tasksMin = 1)
{
    public string Name { get; } = name;

    public string Summary { get; } = summary;

    public int DefaultTasks { get; } = defaultTasks;

    public int TasksMin { get; } = tasksMin;

    /// <summary>Runs the graph. This is what is timed: from the first call of the client to the last result.</summary>
    /// <param name="client">Where to.</param>
    /// <param name="tasks">Tasks in all, exactly.</param>
    public abstract Task<GraphRun> RunAsync(WeftClient client, int tasks);

    /// <summary>The right answers, worked out without a cluster.</summary>
    public abstract long[] Answers(int tasks);

    /// <summary>
    /// The same bodies in this process, in parallel as far as the shape allows without a scheduler: what no runtime can beat.
    /// </summary>
    public virtual long[] RunInProcess(int tasks, ParallelOptions options) => Answers(tasks);
}
