namespace Weft.Graphs.Tests;

public sealed class GraphTests(EmbeddedCluster cluster) : IClassFixture<EmbeddedCluster>
{
    /// <summary>Sizes at which shapes have odd ends: the least, one layer and a bit, even and odd.</summary>
    public static TheoryData<string, int> Sizes()
    {
        var sizes = new TheoryData<string, int>();
        foreach (var graph in GraphCatalog.All)
        {
            sizes.Add(graph.Name, graph.TasksMin);
            if (graph.Name == "merge-slow")
            {
                continue;
            }

            foreach (var tasks in (ReadOnlySpan<int>)[3, 4, 63, 64, 101, 102, 103, 104, 500])
            {
                sizes.Add(graph.Name, tasks);
            }
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_graph_gives_its_answer(string name, int tasks)
    {
        var graph = GraphCatalog.Find(name)!;

        var run = await graph.RunAsync(cluster.Client, tasks).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(graph.Answers(tasks), run.Answers);
        Assert.Equal(tasks, TasksOf(run));
        run.Release();
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_same_bodies_without_a_cluster_give_the_same_answer(string name, int tasks)
    {
        var graph = GraphCatalog.Find(name)!;

        Assert.Equal(graph.Answers(tasks), graph.RunInProcess(tasks, new ParallelOptions { MaxDegreeOfParallelism = 2 }));
    }

    [Fact]
    public async Task A_wrong_answer_is_seen()
    {
        var result = await new GraphBench(new WrongGraph(), tasks: 50, repeats: 2).RunAsync(cluster.Client, TestContext.Current.CancellationToken);

        Assert.False(result.IsRight);
        Assert.Equal("answer 49 is 2401, and not 2402", result.Mistake);
        Assert.Equal(2, result.Seconds.Count);
    }

    private static int TasksOf(GraphRun run) => run.Futures.Sum(static future => future is FutureList<long> list ? list.Count : 1);
}
