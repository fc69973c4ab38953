using static Weft.Autoscaler.Core.Tests.ScalingDown;
using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>Nodes that fill a size that was asked for in the place of a type that could not be had.</summary>
public sealed class StandInTests
{
    private const string Reason = "another type lacks nodes of its minimum";

    private static readonly NodeTypeOptions Cpu = Type("cpu", price: 1);
    private static readonly NodeTypeOptions Gpu = Type("gpu", min: 1, price: 1, resources: "GPU=1");

    /// <summary>Three cpu nodes are there, or asked for, and the gpu node was refused just now.</summary>
    private static World WithThree(params NodeTypeOptions[] types)
    {
        var world = new World(Options(types)) { Wanted = new WantedSize { Cluster = SizeTarget.Exactly(3) } };
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", running: 1);
        world.Ask(0, running: 2);
        world.Refuse(Assert.IsType<LaunchNodes>(Assert.Single(world.Look())), LaunchFailureKind.Capacity);
        world.Take(Assert.IsType<LaunchNodes>(Assert.Single(world.Look())));
        Assert.Equal(Keys("cpu-1", "cpu-2", "cpu-3"), world.Nodes.Keys);
        return world;
    }

    [Fact]
    public void One_on_its_way_goes_when_the_type_can_be_had_again()
    {
        var world = WithThree(Cpu, Gpu);
        Assert.Equal([new TerminateNodes(Keys("cpu-3"), Reason)], world.LookFor(10_000));

        world.Go("cpu-3");
        Assert.Equal([new LaunchNodes("gpu", 2, 1, false)], world.Look());
        world.Run("gpu-2");
        Assert.Empty(world.LookFor(60_000));
    }

    [Fact]
    public void One_that_is_idle_goes_and_no_second_one_meanwhile()
    {
        var world = WithThree(Cpu, Gpu);
        world.Run("cpu-3", running: 1);
        world.Ask(0, running: 3);
        Assert.Empty(world.LookFor(60_000));

        world.Run("cpu-2");
        world.Ask(0, running: 2);
        Assert.Equal([new DrainNodes(Keys("cpu-2"), Reason)], world.Look());
        world.Change("cpu-2", static worker => worker with { IsLeaving = true });
        world.Run("cpu-1");
        Assert.Empty(world.LookFor(60_000));

        world.Go("cpu-2");
        Assert.Equal([new LaunchNodes("gpu", 2, 1, false)], world.Look());
    }

    [Fact]
    public void One_that_refuses_stays_and_the_next_goes()
    {
        var world = WithThree(Cpu, Gpu);
        world.Run("cpu-3", running: 1);
        world.LookFor(10_000);
        world.Run("cpu-1");
        world.Run("cpu-2");
        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));

        world.Change("cpu-2", static worker => worker with { RefusedToLeave = "nobody has room" });
        Assert.Equal(Keys("cpu-1"), Drained(world.LookFor(3_000)));
    }

    [Fact]
    public void None_goes_below_the_minimum_of_its_own_type_or_for_one_that_is_too_dear()
    {
        var world = WithThree(Cpu, Gpu);
        world.Run("cpu-2");
        world.Run("cpu-3");
        world.Change(world.Options with { NodeTypes = [Cpu with { WorkersMin = 3 }, Gpu] });
        Assert.Empty(world.LookFor(20_000));

        world.Change(world.Options with { NodeTypes = [Cpu, Gpu with { PriceMicros = 3 }], PriceMaxMicros = 2 });
        Assert.Empty(world.LookFor(20_000));

        world.Change(world.Options with { HourlyCostMaxMicros = 4, PriceMaxMicros = null });
        Assert.Empty(world.LookFor(20_000));
    }

    [Fact]
    public void A_type_that_is_refused_for_ever_takes_one_for_each_try_of_which_there_are_fewer_and_fewer()
    {
        var world = WithThree(Cpu, Gpu);
        world.Run("cpu-3");
        var triedMs = new List<long> { world.NowMs };
        var went = 0;
        while (world.NowMs < 4 * 3_600_000)
        {
            foreach (var action in world.Look())
            {
                switch (action)
                {
                    case DrainNodes drain:
                        went++;
                        world.Workers.Remove(Assert.Single(drain.Nodes).ToString());
                        break;
                    case TerminateNodes terminate:
                        world.Go(Assert.Single(terminate.Nodes).ToString());
                        break;
                    case LaunchNodes { Type: "gpu" } launch:
                        triedMs.Add(world.NowMs);
                        world.Refuse(launch, LaunchFailureKind.Capacity);
                        break;
                    case LaunchNodes launch:
                        Assert.Equal(1, launch.Count);
                        world.Run($"cpu-{launch.First}");
                        break;
                }
            }

            Assert.InRange(world.Workers.Count, 2, 3);
        }

        Assert.Equal(triedMs.Count - 1, went);
        var waitedMs = triedMs.Zip(triedMs.Skip(1), static (before, after) => after - before).ToArray();
        Assert.All(waitedMs.Index(), wait => Assert.True(wait.Item >= Math.Min(world.Options.BackOffMaxMs, world.Options.BackOffFirstMs << Math.Min(wait.Index, 10))));
        Assert.InRange(went, 20, 30);
    }
}
