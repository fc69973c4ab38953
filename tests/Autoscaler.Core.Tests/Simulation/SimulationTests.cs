using System.Globalization;

namespace Weft.Autoscaler.Core.Tests;

public sealed class SimulationTests
{
    private const int NormalSeeds = 1000;

    [Fact]
    public void A_thousand_seeds_pass()
    {
        var report = new SimulationReport();
        var first = NumberOf("WEFT_SEED", 1);
        var count = NumberOf("WEFT_SEEDS", NormalSeeds);
        var runs = new ScalingSimulation[count];
        Parallel.For(0, count, at => runs[at] = RunOne(first + at));
        foreach (var run in runs)
        {
            report.Add(run);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.True(report.Failures.Count == 0, report.DescribeFailures());
        if (count >= NormalSeeds)
        {
            RequireThatMuchWasMet(report);
        }
    }

    [Fact]
    public void Equal_seeds_give_equal_histories()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            Assert.Equal(DigestOf(seed), DigestOf(seed));
        }

        Assert.NotEqual(DigestOf(1), DigestOf(2));
    }

    /// <summary>Runs the seed that the variable WEFT_SEED names, and fails with the story of what went wrong.</summary>
    [Fact]
    public void Replay_one_seed()
    {
        var seed = NumberOf("WEFT_SEED", 1);
        Assert.Equal(DigestOf(seed), DigestOf(seed));
    }

    private static ScalingSimulation RunOne(int seed)
    {
        var simulation = new ScalingSimulation(seed);
        try
        {
            simulation.Run();
        }
        catch (SimulationException failure)
        {
            simulation.Failed = failure.Message;
        }

        return simulation;
    }

    private static void RequireThatMuchWasMet(SimulationReport report)
    {
        Assert.True(report.CostPermille <= 1150, report.ToString());
        Assert.True(report.ExcessPermille <= 1150, report.ToString());
        Assert.True(report.WithPreemptions * 10 >= report.Seeds, report.ToString());
        Assert.True(report.WithRefusals * 5 >= report.Seeds, report.ToString());
        Assert.True(report.WithRefusedDrains * 20 >= report.Seeds, report.ToString());
        Assert.True(report.WithIdleDrains * 2 >= report.Seeds, report.ToString());
        Assert.True(report.WithWishes * 5 >= report.Seeds, report.ToString());
    }

    private static ulong DigestOf(int seed)
    {
        var simulation = new ScalingSimulation(seed);
        simulation.Run();
        return simulation.Digest.Value;
    }

    private static int NumberOf(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
