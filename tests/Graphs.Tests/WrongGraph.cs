namespace Weft.Graphs.Tests;

/// <summary>A graph whose last answer is not what it claims.</summary>
internal sealed class WrongGraph() : BenchmarkGraph("wrong", "claims what is not so", defaultTasks: 10)
{
    private readonly MapGatherGraph _right = new();

    public override Task<GraphRun> RunAsync(WeftClient client, int tasks) => _right.RunAsync(client, tasks);

    public override long[] Answers(int tasks)
    {
        var answers = _right.Answers(tasks);
        answers[^1]++;
        return answers;
    }
}
