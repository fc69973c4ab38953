namespace Weft.Graphs;

/// <summary>The graphs that there are.</summary>
public static class GraphCatalog
{
    public static IReadOnlyList<BenchmarkGraph> All { get; } =
    [
        new MapGatherGraph(),
        new MergeGraph("merge", "tasks without inputs, and one that sums all of them", GraphFunctions.Square, 100_000),
        new MergeGraph("merge-slow", "the same, where each task sleeps 0.1 s", GraphFunctions.SlowSquare, 100),
        new TreeGraph(),
        new ChainGraph(),
        new SyncGraph(),
        new FanOutInGraph(),
        new SubmitLoopGraph(),
        new RandomDagGraph(),
    ];

    /// <summary>Null when there is no graph of this name.</summary>
    public static BenchmarkGraph? Find(string name) => All.FirstOrDefault(graph => graph.Name == name);
}
