using Weft.Soak;

namespace Weft.Integration.Tests;

/// <summary>
/// Twenty thousand tasks on four worker processes which a script kills, one by one and all at once, and stops for longer than their lease; it
/// kills the scheduler twice. Repeated, and with other seeds, by the command in CONTRIBUTING.md.
/// </summary>
public sealed class StormTests(ITestOutputHelper output)
{
    private const int Seed = 1;
    private const int Tasks = 20_000;

    [Fact]
    public async Task A_graph_gives_the_right_answer_and_nothing_runs_again_without_need_while_processes_are_killed_and_stopped()
    {
        using var folder = new TemporaryFolder();

        var verdict = await Storm.RunAsync(Seed, Tasks, folder.Path, TestContext.Current.CancellationToken);

        output.WriteLine(verdict.Summary);
        Assert.True(verdict.IsRight, verdict.Text);
    }
}
