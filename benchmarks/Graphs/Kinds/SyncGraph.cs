namespace Weft.Graphs;

/// <summary>Submit one task, wait for it, and again: the round trip.</summary>
public sealed class SyncGraph() : BenchmarkGraph("sync", "submit one task, wait for its result, repeat", 1_000)
{
    public override async Task<GraphRun> RunAsync(WeftClient client, int tasks)
    {
        var futures = new Future<long>[tasks];
        var results = new long[tasks];
        for (var number = 0; number < tasks; number++)
        {
            futures[number] = client.Submit(GraphFunctions.Square, number);
            results[number] = await futures[number];
        }

        return new GraphRun(results, futures);
    }

    public override long[] Answers(int tasks) => Squares.Of(tasks);
}
