using Weft.Launcher;

namespace Weft.Providers.Tests.Queues;

public sealed class NumberRunTests
{
    [Fact]
    public void Numbers_become_the_fewest_runs() =>
        Assert.Equal(["1-3", "5", "7-8"], NumberRun.Of([8, 1, 3, 2, 5, 7, 7]).Select(static run => run.ToString()));

    [Fact]
    public void No_numbers_are_no_runs() => Assert.Empty(NumberRun.Of([]));
}
