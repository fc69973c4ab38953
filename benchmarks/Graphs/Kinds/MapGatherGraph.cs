namespace Weft.Graphs;

/// <summary>One Map over distinct numbers, all results gathered.</summary>
public sealed class MapGatherGraph() : BenchmarkGraph("map-gather", "one Map over distinct numbers, all results gathered", 100_000)
{
    public override async Task<GraphRun> RunAsync(WeftClient client, int tasks)
    {
        var squares = client.Map(GraphFunctions.Square, Enumerable.Range(0, tasks));
        return new GraphRun(await client.GatherAsync(squares).ConfigureAwait(false), [squares]);
    }

    public override long[] Answers(int tasks) => Squares.Of(tasks);

    public override long[] RunInProcess(int tasks, ParallelOptions options) => Squares.InParallel(GraphFunctions.Square, tasks, options);
}
