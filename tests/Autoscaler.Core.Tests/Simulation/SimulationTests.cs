using System.Globalization;

namespace Weft.Autoscaler.Core.Tests;

public sealed class SimulationTests
{
    private const int NormalSeeds = 1000;
    private const int FailuresMax = 5;

    [Fact]
    public void A_thousand_seeds_pass()
    {
        var report = new SimulationReport();
        var first = NumberOf("WEFT_SEED", 1);
        var count = NumberOf("WEFT_SEEDS", NormalSeeds);
        for (var seed = first; seed < first + count && report.Failures.Count < FailuresMax; seed++)
        {
            var simulation = new ScalingSimulation(seed);
            try
            {
                simulation.Run();
                report.Add(simulation);
            }
            catch (SimulationException failure)
            {
                report.Failures.Add(failure);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.True(report.Failures.Count == 0, string.Join('\n', report.Failures.Select(static failure => failure.Message)));
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

    private static void RequireThatMuchWasMet(SimulationReport report)
    {
        Assert.True(report.CostPermille <= 1150, report.ToString());
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
