using static Weft.Autoscaler.Core.Tests.ScalingDown;
using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>Whether a node comes right after an idle one was let go.</summary>
public sealed class FlappingTests
{
    /// <summary>Two nodes, of which the second was idle and has been asked to leave.</summary>
    private static World OfWhichOneLeaves()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Ask(0, running: 1);
        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
        return world;
    }

    [Fact]
    public void A_node_is_not_launched_after_another_was_let_go_unless_there_is_more_to_do()
    {
        var world = OfWhichOneLeaves();
        world.Go("cpu-2");

        // A task that has just begun is told of twice: as running, and, by an older count, as waiting.
        world.Ask(1);
        Assert.Empty(world.Look());
        Assert.Equal("one was let go as idle just now, and there is no more to do than then", world.Report.Types[0].Held);

        world.Ask(1, running: 1);
        Assert.Single(world.Look());
    }

    [Fact]
    public void There_is_more_to_do_when_there_is_more_of_what_others_cannot_do()
    {
        var world = new World(Options(Type("cpu", slots: 4), Type("gpu", slots: 4, resources: "GPU=2")));
        world.Run("gpu-1", idleMs: IdleMs);
        for (var i = 1; i <= 4; i++)
        {
            world.Run($"cpu-{i}", running: 4);
        }

        world.Ask(0, running: 16);
        Assert.Equal(Keys("gpu-1"), Drained(world.Look()));
        world.Go("gpu-1");
        world.Run("cpu-4");
        world.Ask(0, running: 12);
        Assert.Empty(world.Look());

        world.AskToo(2, "GPU=1");
        Assert.Equal([new LaunchNodes("gpu", 2, 1, false)], world.Look());
    }

    [Fact]
    public void There_is_no_more_to_do_when_there_is_more_of_what_the_type_cannot_do()
    {
        var world = new World(Options(Type("cpu"), Type("gpu", price: 1, resources: "GPU=2")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Ask(0, running: 1);
        world.Look();
        world.Go("cpu-2");
        world.Ask(1);
        world.AskToo(1, "GPU=1");

        Assert.Equal([new LaunchNodes("gpu", 1, 1, false)], world.Look());
    }

    [Fact]
    public void After_the_idle_timeout_or_a_loss_it_is()
    {
        var world = OfWhichOneLeaves();
        world.Go("cpu-2");
        world.Ask(1);
        Assert.Single(world.LookFor(IdleMs));

        var other = OfWhichOneLeaves();
        other.Nodes.Clear();
        other.Workers.Clear();
        other.Ask(1);
        Assert.Single(other.Look());
    }

    [Fact]
    public void It_is_too_when_what_is_left_can_do_less_than_then()
    {
        var paused = AfterAnIdleNode();
        paused.Change("cpu-1", static worker => worker with { IsPaused = true });
        Assert.Empty(paused.LookFor(10_000));
        Assert.IsType<LaunchNodes>(Assert.Single(paused.Look()));

        var alone = AfterAnIdleNode();
        alone.Workers.Remove("mine");
        Assert.IsType<LaunchNodes>(Assert.Single(alone.Look()));

        World AfterAnIdleNode()
        {
            var world = new World(Options(Type("cpu", slots: 2)));
            world.Run("cpu-1", running: 1);
            world.Run("cpu-2", idleMs: IdleMs);
            world.Workers["mine"] = new ObservedWorker { Name = "mine", Slots = 1, Assigned = 1, Running = 1 };
            world.Ask(0, running: 3);
            Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
            world.Go("cpu-2");
            world.Ask(2, running: 1);
            Assert.Empty(world.Look());
            return world;
        }
    }

    [Fact]
    public void It_is_not_when_what_was_lost_could_not_do_it()
    {
        var world = new World(Options(Type("gpu", resources: "GPU=1"), Type("cpu")));
        world.Run("cpu-1", running: 1);
        world.Run("gpu-1", running: 1);
        world.Run("gpu-2", idleMs: IdleMs);
        world.Ask(0, "GPU=1", running: 1);
        Assert.Equal(Keys("gpu-2"), Drained(world.Look()));
        world.Go("gpu-2");
        world.Go("cpu-1");
        world.Ask(1, "GPU=1");

        Assert.Empty(world.Look());
    }

    [Fact]
    public void Nor_when_the_idle_nodes_of_several_types_were_let_go_together()
    {
        var world = new World(Options(Type("cpu"), Type("gpu", price: 1, resources: "GPU=1")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Run("gpu-1", idleMs: IdleMs, bytes: 1);
        world.Ask(0, running: 1);
        Assert.Equal(Keys("cpu-2", "gpu-1"), Drained(world.Look()));
        world.Go("cpu-2");
        world.Go("gpu-1");
        world.Ask(1);

        Assert.Empty(world.Look());
    }
}
