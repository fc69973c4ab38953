namespace Weft.Autoscaler.Core.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData(3, 2, 10, 10, "min_workers 3 and max_workers 2")]
    [InlineData(3, 4, 2, 10, "more than the cluster's max_workers, 2")]
    [InlineData(0, 4, 4, 0, "the idle timeout is 0 ms")]
    public void Options_that_do_not_go_together_are_refused_by_name(int minimum, int maximum, int clusterMaximum, long idleMs, string expected)
    {
        var options = new AutoscalerOptions
        {
            NodeTypes = [new NodeTypeOptions { Name = "cpu", Slots = 1, WorkersMin = minimum, WorkersMax = maximum }],
            WorkersMax = clusterMaximum,
            IdleTimeoutMs = idleMs,
        };

        var refused = Assert.Throws<ArgumentException>(() => new AutoscalerCore(options));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_is_named_once() => Assert.Throws<ArgumentException>(static () => new AutoscalerCore(new AutoscalerOptions
    {
        NodeTypes = [new NodeTypeOptions { Name = "cpu", Slots = 1, WorkersMax = 1 }, new NodeTypeOptions { Name = "cpu", Slots = 1, WorkersMax = 1 }],
        WorkersMax = 2,
    }));
}
