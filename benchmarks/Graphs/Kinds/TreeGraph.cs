namespace Weft.Graphs;

/// <summary>
/// Leaves, then level upon level of tasks that add two results, down to one. n leaves are 2n-1 tasks; where an even number is asked for,
/// the root has one more task behind it.
/// </summary>
public sealed class TreeGraph() : BenchmarkGraph("tree", "a binary tree: leaves, and levels of tasks that add two results", 65_535)
{
    public override async Task<GraphRun> RunAsync(WeftClient client, int tasks)
    {
        var level = client.Map(GraphFunctions.Square, Enumerable.Range(0, LeavesOf(tasks)));
        var held = new List<IDisposable> { level };
        var leftOver = new List<Future<long>>();
        while (level.Count > 1)
        {
            var half = level.Count / 2;
            if (level.Count % 2 != 0)
            {
                leftOver.Add(level[level.Count - 1]);
            }

            level = client.Map(GraphFunctions.Add, level.Slice(0, half), level.Slice(half, half));
            held.Add(level);
        }

        var root = level[0];
        foreach (var branch in leftOver)
        {
            root = client.Submit(GraphFunctions.Add, root, branch);
            held.Add(root);
        }

        if (tasks % 2 == 0)
        {
            root = client.Submit(GraphFunctions.Increment, root);
            held.Add(root);
        }

        return new GraphRun([await root], held);
    }

    public override long[] Answers(int tasks) => [Squares.SumOf(LeavesOf(tasks)) + (tasks % 2 == 0 ? 1 : 0)];

    public override long[] RunInProcess(int tasks, ParallelOptions options)
    {
        var level = Squares.InParallel(GraphFunctions.Square, LeavesOf(tasks), options);
        for (var count = level.Length; count > 1;)
        {
            var half = count / 2;
            var kept = count - half;
            Parallel.For(0, half, options, index => level[index] = GraphFunctions.Add(level[index], level[kept + index]));
            count = kept;
        }

        return [tasks % 2 == 0 ? GraphFunctions.Increment(level[0]) : level[0]];
    }

    private static int LeavesOf(int tasks) => (tasks + 1) / 2;
}
