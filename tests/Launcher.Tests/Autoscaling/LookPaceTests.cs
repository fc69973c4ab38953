using Weft.Provisioning;
using static Weft.Launcher.Tests.Autoscaling.FakeProvider;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class LookPaceTests
{
    private readonly LookPace _pace = new();
    private ClusterNode[] _nodes = [Node("cpu-1", NodeState.Waiting)];
    private V1.ScaleTarget _target = new();
    private int _steps;

    [Fact]
    public void A_node_that_waits_for_hours_is_looked_at_once_a_second()
    {
        Assert.Equal(LookPace.Quick, At(0));
        Assert.Equal(LookPace.Quick, At(14_999));
        Assert.Equal(LookPace.Usual, At(15_000));
        Assert.Equal(LookPace.Usual, At(7_200_000));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("new node")]
    [InlineData("gone")]
    [InlineData("request")]
    [InlineData("size")]
    public void What_follows_a_change_is_looked_for_quickly_for_a_while(string change)
    {
        At(0);
        Assert.Equal(LookPace.Usual, At(20_000));
        switch (change)
        {
            case "state":
                _nodes = [Node("cpu-1", NodeState.Running)];
                break;
            case "new node":
                _nodes = [.. _nodes, Node("cpu-2", NodeState.Waiting)];
                break;
            case "gone":
                _nodes = [];
                break;
            case "request":
                _steps++;
                break;
            default:
                _target = new V1.ScaleTarget { Minimum = 3, Version = 1 };
                break;
        }

        Assert.Equal(LookPace.Quick, At(21_000));
        Assert.Equal(LookPace.Quick, At(35_999));
        Assert.Equal(LookPace.Usual, At(36_000));
    }

    [Fact]
    public void Another_reason_to_wait_is_no_change()
    {
        At(0);
        _nodes = [Node("cpu-1", NodeState.Waiting, "place 12 in the queue")];
        Assert.Equal(LookPace.Usual, At(20_000));
    }

    private TimeSpan At(long nowMs) => _pace.Next(nowMs, _nodes, _steps, _target);
}
