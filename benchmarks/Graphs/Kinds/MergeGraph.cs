namespace Weft.Graphs;

/// <summary>Many tasks without inputs, and one task that takes the results of all of them.</summary>
public sealed class MergeGraph(string name, string summary, Func<int, long> function, int defaultTasks)
    : BenchmarkGraph(name, summary, defaultTasks, tasksMin: 2)
{
    public override async Task<GraphRun> RunAsync(WeftClient client, int tasks)
    {
        var squares = client.Map(function, Enumerable.Range(0, tasks - 1));
        var sum = client.Submit(GraphFunctions.Sum, squares);
        return new GraphRun([await sum], [squares, sum]);
    }

    public override long[] Answers(int tasks) => [Squares.SumOf(tasks - 1)];

    public override long[] RunInProcess(int tasks, ParallelOptions options) =>
        [GraphFunctions.Sum(Squares.InParallel(function, tasks - 1, options))];
}
