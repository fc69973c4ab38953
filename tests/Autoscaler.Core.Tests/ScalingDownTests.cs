using static Weft.Autoscaler.Core.Tests.ScalingDown;
using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>Idle nodes: when they are asked to leave, and until they are gone.</summary>
public sealed class ScalingDownTests
{
    [Fact]
    public void An_idle_node_leaves_after_the_timeout_and_ends_when_its_workers_have_left()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs - 1);
        Assert.Empty(world.Look());

        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Equal([new DrainNodes(Keys("cpu-1"), "it was idle")], world.Look());
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });
        Assert.Empty(world.LookFor(60_000));

        world.Workers.Clear();
        Assert.Empty(world.LookFor(30_000));
        Assert.Equal([new TerminateNodes(Keys("cpu-1"), "its workers have left: it was idle")], world.Look());
    }

    [Fact]
    public void A_draining_node_whose_worker_loses_its_connection_is_waited_for()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Single(Drained(world.Look()));
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });
        var worker = world.Workers["cpu-1"];
        for (var i = 0; i < 10; i++)
        {
            world.Workers.Clear();
            Assert.Empty(world.LookFor(29_000));
            world.Workers["cpu-1"] = worker;
            Assert.Empty(world.Look());
        }
    }

    [Fact]
    public void A_draining_node_that_its_queue_suspends_is_waited_for()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Single(Drained(world.Look()));
        world.Workers.Clear();
        Assert.Empty(world.LookFor(20_000));
        world.Set("cpu-1", ObservedState.Waiting, detail: "suspended");
        Assert.Empty(world.LookFor(3_600_000));
        world.Set("cpu-1", ObservedState.Running);
        Assert.Empty(world.LookFor(30_000));

        Assert.Equal(Keys("cpu-1"), Terminated(world.Look()));
    }

    [Fact]
    public void A_node_above_a_bound_that_a_long_task_keeps_is_not_ended_when_its_worker_loses_its_connection()
    {
        var world = new World(Options(Type("cpu"))) { Wanted = new WantedSize { Cluster = SizeTarget.Exactly(0) } };
        world.Run("cpu-1", running: 1, forMs: 60_000);
        Assert.Empty(world.Look());
        var worker = world.Workers["cpu-1"];
        world.Workers.Clear();
        Assert.Empty(world.LookFor(30_000));
        world.Workers["cpu-1"] = worker;
        Assert.Empty(world.Look());

        world.Workers.Clear();
        world.Set("cpu-1", ObservedState.Waiting, detail: "suspended");
        Assert.Empty(world.LookFor(3_600_000));
        world.Set("cpu-1", ObservedState.Running);
        Assert.Empty(world.LookFor(30_000));
        Assert.Equal(Keys("cpu-1"), Terminated(world.Look()));
    }

    [Fact]
    public void What_was_said_is_said_again_until_it_is_done()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Single(Drained(world.Look()));
        Assert.Empty(world.LookFor(9_000));
        Assert.Single(Drained(world.Look()));

        world.Workers.Clear();
        Assert.Single(Terminated(world.LookFor(31_000)));
        world.Set("cpu-1", ObservedState.Ending);
        Assert.Empty(world.LookFor(9_000));
        Assert.Single(Terminated(world.Look()));
        world.Go("cpu-1");
        Assert.Empty(world.LookFor(60_000));
    }

    [Fact]
    public void The_one_with_the_fewest_bytes_leaves_first_then_the_dearest_and_never_below_the_minimum()
    {
        var world = new World(Options(Type("cheap", min: 1, price: 1), Type("dear", price: 2)));
        world.Run("cheap-1", idleMs: IdleMs, bytes: 5);
        world.Run("cheap-2", idleMs: IdleMs, bytes: 7);
        world.Run("dear-1", idleMs: IdleMs, bytes: 6);
        Assert.Equal(Keys("cheap-1", "dear-1"), Drained(world.Look()));

        var exact = new World(Options(Type("cheap", price: 1), Type("dear", price: 2))) { Wanted = new WantedSize { Cluster = SizeTarget.Exactly(1) } };
        exact.Run("cheap-1", bytes: 5);
        exact.Run("dear-1", bytes: 5);
        Assert.Equal(Keys("dear-1"), Drained(exact.Look()));
    }

    [Fact]
    public void A_type_that_is_below_its_minimum_keeps_no_nodes_of_another()
    {
        var world = new World(Options(Type("cpu", min: 2), Type("gpu", price: 1)));
        world.Run("gpu-1", idleMs: IdleMs);
        world.Run("gpu-2", idleMs: IdleMs);
        world.Set("gpu-3", ObservedState.Waiting);
        var actions = new List<AutoscalerAction>();
        for (var i = 0; i < 20; i++)
        {
            var now = world.Look();
            now.OfType<LaunchNodes>().ToList().ForEach(launch => world.Refuse(launch, LaunchFailureKind.Permanent));
            actions.AddRange(now);
        }

        Assert.Equal(Keys("gpu-1", "gpu-2"), Drained(actions).Distinct().Order());
        Assert.Equal(Keys("gpu-3"), Terminated(actions).Distinct());
    }

    [Fact]
    public void A_node_that_is_still_to_come_does_not_stand_for_one_that_is_there()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Run("cpu-1", idleMs: IdleMs);
        world.Set("cpu-2", ObservedState.Waiting);

        var actions = world.LookFor(20_000);

        Assert.Empty(Drained(actions));
        Assert.Equal(Keys("cpu-2"), Terminated(actions).Distinct());
    }

    [Fact]
    public void An_idle_node_that_waiting_tasks_need_stays()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Ask(1);

        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
    }

    [Fact]
    public void A_busy_node_stays()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", inside: 1);

        Assert.Empty(world.LookFor(3 * IdleMs));
    }

    [Fact]
    public void A_refused_drain_keeps_the_node_and_is_tried_later()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Single(Drained(world.Look()));
        world.Change("cpu-1", static worker => worker with { RefusedToLeave = "nobody has room" });

        Assert.Empty(world.LookFor(IdleMs));
        Assert.Equal("cpu-1 was asked to leave and stays: nobody has room", Assert.Single(world.Report.Lines));
        Assert.Single(Drained(world.LookFor(3_000)));

        // What it said then is of before, for a moment.
        Assert.Empty(world.LookFor(2_000));
        Assert.Equal(1, world.Report.Types[0].Leaving);
    }

    [Fact]
    public void A_drain_that_takes_long_is_told_of_and_not_forced()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        world.Look();
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });

        Assert.Empty(world.LookFor(3_600_000));
        Assert.Equal("cpu-1 has been leaving for 60 min (it was idle)", Assert.Single(world.Report.Lines));
    }

    [Fact]
    public void A_node_on_its_way_that_nobody_needs_any_more_is_cancelled_after_a_moment()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Ask(2);
        world.Take((LaunchNodes)world.Look()[0]);
        world.Demand.Clear();
        Assert.Empty(world.LookFor(15_000));

        // The next wave comes in time, and leaves; then none does.
        world.Ask(2);
        Assert.Empty(world.Look());
        world.Demand.Clear();
        Assert.Empty(world.LookFor(15_000));
        Assert.Equal([new TerminateNodes(Keys("cpu-2"), "nothing is left for it to do")], world.Look());
    }

    [Fact]
    public void Nodes_of_a_type_that_the_file_does_not_name_go_when_they_are_idle_and_the_head_never()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("old-1", running: 1);
        world.Run("old-2");
        world.Set("old-3", ObservedState.Waiting);
        world.Set("head-1", ObservedState.Running);

        var actions = world.Look();
        Assert.Equal(Keys("old-3"), Terminated(actions));
        Assert.Equal(Keys("old-2"), Drained(actions));
    }
}
