namespace Weft.Graphs;

/// <summary>One call of Submit for each task, then all results gathered.</summary>
public sealed class SubmitLoopGraph() : BenchmarkGraph("submit-loop", "one Submit for each task, then all results gathered", 50_000)
{
    public override async Task<GraphRun> RunAsync(WeftClient client, int tasks)
    {
        var futures = new Future<long>[tasks];
        for (var number = 0; number < tasks; number++)
        {
            futures[number] = client.Submit(GraphFunctions.Square, number);
        }

        return new GraphRun(await client.GatherAsync(futures).ConfigureAwait(false), futures);
    }

    public override long[] Answers(int tasks) => Squares.Of(tasks);

    public override long[] RunInProcess(int tasks, ParallelOptions options) => Squares.InParallel(GraphFunctions.Square, tasks, options);
}
