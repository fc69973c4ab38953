namespace Weft.Graphs;

/// <summary>Links that each need the one before; each is a Submit of its own and has a result of its own.</summary>
public sealed class ChainGraph() : BenchmarkGraph("chain", "dependent links, each its own Submit and its own result", 10_000)
{
    public override async Task<GraphRun> RunAsync(WeftClient client, int tasks)
    {
        var links = new Future<long>[tasks];
        links[0] = client.Submit(GraphFunctions.Increment, 0L);
        for (var index = 1; index < tasks; index++)
        {
            links[index] = client.Submit(GraphFunctions.Increment, links[index - 1]);
        }

        return new GraphRun(await client.GatherAsync(links).ConfigureAwait(false), links);
    }

    public override long[] Answers(int tasks) => [.. Enumerable.Range(1, tasks).Select(static number => (long)number)];
}
