using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

public sealed class EndingTests
{
    private const long HeadMs = 600_000;

    private static World Unused()
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("cpu", min: 2)], WorkersMax = 10, HeadTimeoutMs = HeadMs, IdleTimeoutMs = HeadMs });
        world.Run("cpu-1");
        world.Set("cpu-2", ObservedState.Waiting);
        world.HasClients = false;
        world.SinceWorkMs = HeadMs - 1;
        Assert.Empty(world.Look());
        world.SinceWorkMs = HeadMs;
        return world;
    }

    [Fact]
    public void A_cluster_out_of_use_drains_its_nodes_the_minimum_too_and_then_ends()
    {
        var world = Unused();
        var actions = world.Look();
        Assert.Equal([new TerminateNodes([Key("cpu-2")], "there was no task and no client for 10 min"), new DrainNodes([Key("cpu-1")], "there was no task and no client for 10 min")], actions);

        world.Go("cpu-2");
        world.Workers.Clear();
        Assert.Equal([Key("cpu-1")], Assert.IsType<TerminateNodes>(Assert.Single(world.Look())).Nodes);
        world.Go("cpu-1");
        Assert.Equal([new EndHead("there was no task and no client for 10 min")], world.Look());
    }

    [Fact]
    public void A_client_or_a_task_keeps_it()
    {
        var withClient = Unused();
        withClient.HasClients = true;
        Assert.Empty(withClient.Look());

        var withTask = Unused();
        withTask.Ask(0, running: 1);
        Assert.Empty(withTask.Look());
    }

    [Fact]
    public void The_last_drain_is_not_waited_for_for_ever()
    {
        var world = Unused();
        world.Look();
        world.Go("cpu-2");
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });
        Assert.Empty(world.LookFor(119_000));

        Assert.Equal([Key("cpu-1")], Assert.IsType<TerminateNodes>(Assert.Single(world.Look())).Nodes);
    }

    [Fact]
    public void A_node_that_refuses_the_last_drain_ends()
    {
        var world = Unused();
        world.Look();
        world.Go("cpu-2");
        world.Change("cpu-1", static worker => worker with { RefusedToLeave = "nobody has room" });

        Assert.Equal([Key("cpu-1")], Assert.IsType<TerminateNodes>(Assert.Single(world.LookFor(4_000))).Nodes);
    }

    [Fact]
    public void The_head_does_not_end_on_a_list_that_failed()
    {
        var world = new World(Type("cpu"));
        world.Look();
        world.Wanted = new WantedSize { IsShutDown = true };
        world.IsListed = false;
        Assert.Empty(world.LookFor(60_000));

        world.IsListed = true;
        Assert.Equal([new EndHead("shut down")], world.Look());
    }

    [Fact]
    public void A_shut_down_ends_all_nodes_whatever_runs_and_though_the_scheduler_is_silent()
    {
        var world = new World(Type("cpu", min: 2));
        world.Run("cpu-1", running: 1, inside: 1, forMs: 3_600_000);
        world.Run("cpu-2", idleMs: 1);
        world.Look();
        world.IsHeard = false;
        world.Wanted = new WantedSize { IsShutDown = true };

        Assert.Equal([new TerminateNodes([Key("cpu-1"), Key("cpu-2")], "shut down")], world.Look());
        world.Go("cpu-1");
        Assert.Empty(world.Look());
        world.Go("cpu-2");
        Assert.Equal([new EndHead("shut down")], world.Look());
    }

    [Fact]
    public void A_launch_that_is_not_answered_is_waited_for_and_then_ended()
    {
        var world = new World(Type("cpu", min: 1));
        var launch = (LaunchNodes)world.Look()[0];
        world.Wanted = new WantedSize { IsShutDown = true };
        Assert.Empty(world.LookFor(30_000));

        world.Take(launch);
        Assert.Equal([Key("cpu-1")], Assert.IsType<TerminateNodes>(Assert.Single(world.Look())).Nodes);
        world.Go("cpu-1");
        Assert.Equal([new EndHead("shut down")], world.Look());
    }

    [Fact]
    public void A_node_that_has_been_ending_for_long_is_told_of()
    {
        var world = new World(Type("cpu"));
        world.Run("cpu-1");
        world.Look();
        world.Workers.Clear();
        world.Set("cpu-1", ObservedState.Ending);
        world.LookFor(600_000);
        Assert.Empty(world.Report.Lines);

        world.Look();
        Assert.Equal(["cpu-1 has been ending for 10 min, and is not gone"], world.Report.Lines);
        world.Run("cpu-1");
        world.Look();
        Assert.Empty(world.Report.Lines);
    }

    [Fact]
    public void The_head_ends_in_spite_of_a_node_that_never_does()
    {
        var world = new World(Type("cpu"));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", running: 1);
        world.Look();
        world.Wanted = new WantedSize { IsShutDown = true };
        world.Look();
        world.Set("cpu-1", ObservedState.Ending);
        world.Set("cpu-2", ObservedState.Ending);
        Assert.All(world.LookFor(1_800_000), static action => Assert.IsType<TerminateNodes>(action));
        world.Go("cpu-2");
        world.IsListed = false;
        Assert.DoesNotContain(world.Look(), static action => action is EndHead);

        world.IsListed = true;
        Assert.Contains(new EndHead("shut down; left behind, still ending after 30 min: cpu-1"), world.Look());
    }

    [Fact]
    public void A_node_that_was_put_back_after_it_had_been_ending_is_waited_for()
    {
        var world = new World(Type("cpu"));
        world.Set("cpu-1", ObservedState.Ending);
        world.LookFor(1_700_000);
        world.Set("cpu-1", ObservedState.Running);
        world.Wanted = new WantedSize { IsShutDown = true };
        world.Look();
        world.Set("cpu-1", ObservedState.Ending);

        Assert.DoesNotContain(world.LookFor(1_800_000), static action => action is EndHead);
    }
}
