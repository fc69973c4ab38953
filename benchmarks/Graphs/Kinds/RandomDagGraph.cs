namespace Weft.Graphs;

/// <summary>Tasks that each need three of the earlier ones, drawn from a seed.</summary>
public sealed class RandomDagGraph() : BenchmarkGraph("random-dag", "tasks that each need three earlier ones, drawn from a seed", 20_000)
{
    private const int Roots = 3;

    public override async Task<GraphRun> RunAsync(WeftClient client, int tasks)
    {
        var vertices = new Future<long>[tasks];
        var drawing = new EarlierVertices();
        for (var number = 0; number < tasks; number++)
        {
            vertices[number] = number < Roots
                ? client.Submit(GraphFunctions.Square, number)
                : client.Submit<int, long, long, long, long>(
                    GraphFunctions.Mix, number, vertices[drawing.Before(number)], vertices[drawing.Before(number)], vertices[drawing.Before(number)]);
        }

        return new GraphRun(await client.GatherAsync(vertices).ConfigureAwait(false), vertices);
    }

    public override long[] Answers(int tasks)
    {
        var values = new long[tasks];
        var drawing = new EarlierVertices();
        for (var number = 0; number < tasks; number++)
        {
            values[number] = number < Roots
                ? GraphFunctions.Square(number)
                : GraphFunctions.Mix(number, values[drawing.Before(number)], values[drawing.Before(number)], values[drawing.Before(number)]);
        }

        return values;
    }

    /// <summary>A linear congruence that any language can repeat: the peers draw the same graph.</summary>
    private sealed class EarlierVertices
    {
        private ulong _state = 20_261_121;

        public int Before(int number)
        {
            _state = (_state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            return (int)((_state >> 33) % (ulong)number);
        }
    }
}
