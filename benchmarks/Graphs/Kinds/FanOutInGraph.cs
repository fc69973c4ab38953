namespace Weft.Graphs;

/// <summary>One task, many that need it, one that needs them all, and again.</summary>
public sealed class FanOutInGraph() : BenchmarkGraph("fan-out-in", "layers: one task, a hundred that need it, one that needs all of them, …", 20_000, tasksMin: 3)
{
    private const int LanesMax = 100;

    public override async Task<GraphRun> RunAsync(WeftClient client, int tasks)
    {
        var knot = client.Submit(GraphFunctions.Increment, 0L);
        var held = new List<IDisposable> { knot };
        foreach (var lanes in LayersOf(tasks))
        {
            var spread = client.Map(GraphFunctions.Spread, Enumerable.Range(0, lanes), Enumerable.Repeat(knot, lanes));
            knot = client.Submit(GraphFunctions.Collect, spread);
            held.Add(spread);
            held.Add(knot);
        }

        return new GraphRun([await knot], held);
    }

    public override long[] Answers(int tasks)
    {
        var knot = 1L;
        foreach (var lanes in LayersOf(tasks))
        {
            var sum = 0L;
            for (var lane = 0; lane < lanes; lane++)
            {
                sum += (knot + lane) % GraphFunctions.Modulus;
            }

            knot = sum % GraphFunctions.Modulus;
        }

        return [knot];
    }

    /// <summary>The width of each layer; with the task that ends it, and the first task, they add up.</summary>
    private static IEnumerable<int> LayersOf(int tasks)
    {
        for (var left = tasks - 1; left > 0;)
        {
            // A layer takes two at the least: what would leave a single one over takes it in or leaves two.
            var lanes = Math.Min(LanesMax, left - 1);
            lanes = left - lanes - 1 == 1 && lanes > 1 ? lanes - 1 : lanes;
            yield return lanes;
            left -= lanes + 1;
        }
    }
}
