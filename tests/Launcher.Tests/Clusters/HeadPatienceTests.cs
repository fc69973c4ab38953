using Weft.Provisioning;

namespace Weft.Launcher.Tests;

/// <summary>When a start gives a head up.</summary>
public sealed class HeadPatienceTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly ProbeResult Refused = ProbeResult.Failed(ExitCodes.Refused, "another version");
    private static readonly ProbeResult Silent = ProbeResult.Failed(ExitCodes.NotReachable, "nobody");

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(NodeState.Running)]
    [InlineData(null)]
    public void A_head_that_runs_without_a_scheduler_is_given_up(NodeState? state)
    {
        var patience = new HeadPatience(_time);
        Advance(patience, HeadPatience.Longest, state, Silent);
        Assert.Equal((true, false, false), (patience.IsLong, patience.IsOver, patience.IsRefused));

        Advance(patience, Moment, state, Silent);
        Assert.True(patience.IsOver);
    }

    [Fact]
    public void A_head_that_waits_in_a_queue_is_waited_for_and_has_all_the_time_from_then_on()
    {
        var patience = new HeadPatience(_time);
        Advance(patience, HeadPatience.Longest * 9, NodeState.Waiting, Refused);
        Assert.Equal((false, false, false), (patience.IsLong, patience.IsOver, patience.IsRefused));

        Advance(patience, HeadPatience.Longest, NodeState.Running, Silent);
        Assert.False(patience.IsOver);
        Advance(patience, Moment, NodeState.Running, Silent);
        Assert.True(patience.IsOver);
    }

    [Fact]
    public void Refusals_are_believed_when_nothing_else_came_for_a_while()
    {
        var patience = new HeadPatience(_time);
        Advance(patience, HeadPatience.RefusalsBelieved, NodeState.Running, Refused);
        Assert.False(patience.IsRefused);
        Advance(patience, Moment, NodeState.Running, Silent);
        Assert.False(patience.IsRefused);

        Advance(patience, HeadPatience.RefusalsBelieved + Moment, NodeState.Running, Refused);
        Assert.True(patience.IsRefused);
    }

    private void Advance(HeadPatience patience, TimeSpan by, NodeState? state, ProbeResult probe)
    {
        _time.Advance(by);
        patience.OnHead(state);
        patience.OnAnswer(probe);
    }
}
