using Weft.Cli;

namespace Weft.Graphs.Tests;

public sealed class BenchRequestTests
{
    private static readonly BenchRequest Merge = new(GraphCatalog.Find("merge")!, AskedTasks: null, Repeats: 1);

    [Fact]
    public void One_place_is_enough()
    {
        (Merge with { Local = 2 }).Validate();
        (Merge with { Processes = 2, IsZeroWorker = true }).Validate();
        (Merge with { SchedulerFile = "s.json" }).Validate();
    }

    [Fact]
    public void Two_places_are_refused() =>
        Assert.Contains("only one of", Assert.Throws<FormatException>(() => (Merge with { Local = 2, Processes = 2 }).Validate()).Message, StringComparison.Ordinal);

    [Fact]
    public void Workers_that_run_nothing_are_processes() =>
        Assert.Contains("--zero-worker", Assert.Throws<FormatException>(() => (Merge with { Local = 2, IsZeroWorker = true }).Validate()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_size_that_the_graph_does_not_have_is_refused() =>
        Assert.Equal("--tasks: 1 is too few: merge has at least 2.", Assert.Throws<FormatException>(() => (Merge with { Local = 2, AskedTasks = 1 }).Validate()).Message);
}
