using System.Diagnostics;

namespace Weft.Graphs;

/// <summary>Runs a graph a number of times and looks at each answer.</summary>
/// <param name="graph">What to run.</param>
/// <param name="tasks">How large.</param>
/// <param name="repeats">How often, after a smaller run that warms up everything and is not counted.</param>
public sealed class GraphBench(BenchmarkGraph graph, int tasks, int repeats)
{
    private const int WarmUpTasksMax = 2_000;

    /// <summary>How to look at the answers where something else than the graph's functions makes them; null: they have to be the graph's.</summary>
    public Func<long[], string?>? Check { get; init; }

    /// <summary>Told after each repeat: its number from 1, and its seconds.</summary>
    public Action<int, double>? Repeated { get; init; }

    /// <summary>Processes to watch while it runs.</summary>
    public ProcessWatch Watch { get; init; } = new();

    /// <summary>Runs it on a cluster.</summary>
    public async Task<BenchResult> RunAsync(WeftClient client, CancellationToken cancellationToken = default)
    {
        (await graph.RunAsync(client, Math.Clamp(tasks, graph.TasksMin, WarmUpTasksMax)).ConfigureAwait(false)).Release();
        return await RepeatAsync(() => graph.RunAsync(client, tasks), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the same bodies in this process, on so many threads.</summary>
    public Task<BenchResult> RunInProcessAsync(int threads, CancellationToken cancellationToken = default)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        _ = graph.RunInProcess(Math.Clamp(tasks, graph.TasksMin, WarmUpTasksMax), options);
        return RepeatAsync(() => Task.FromResult(new GraphRun(graph.RunInProcess(tasks, options), [])), cancellationToken);
    }

    private async Task<BenchResult> RepeatAsync(Func<Task<GraphRun>> run, CancellationToken cancellationToken)
    {
        var result = new BenchResult(graph.Name, tasks);
        Watch.Begin();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // What the run before left behind is not to be collected at this one's expense.
            GC.Collect();
            var began = Stopwatch.GetTimestamp();
            Watch.Resume();
            var outcome = await run().WaitAsync(cancellationToken).ConfigureAwait(false);
            result.Add(Stopwatch.GetElapsedTime(began));
            Watch.Pause();
            result.Note(Check is null ? AnswerCheck.Difference(graph.Answers(tasks), outcome.Answers) : Check(outcome.Answers));
            outcome.Release();
            Repeated?.Invoke(repeat + 1, result.Seconds[^1]);
        }

        result.Processes = Watch.Summary(repeats * (long)tasks, tasks);
        return result;
    }
}
