using System.Globalization;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

public sealed class SimulationTests
{
    private const int FailuresShownMax = 5;

    /// <summary>A normal run ends at the fifth seed that fails; a longer one goes on, and names them all.</summary>
    private const int NormalSeeds = 1000;

    [Fact]
    public void A_thousand_seeds_pass()
    {
        var report = new SimulationReport();
        var first = NumberOf("WEFT_SEED", 1);
        var count = NumberOf("WEFT_SEEDS", NormalSeeds);
        var changes = Changes();
        Parallel.For(first, first + count, (seed, loop) =>
        {
            var simulation = new Simulation(seed, changes);
            try
            {
                simulation.Run();
                lock (report)
                {
                    report.Add(simulation);
                }
            }
            catch (SimulationException failure)
            {
                lock (report)
                {
                    report.Add(report.Failures.Count == 0 && changes.Length == 0 ? SeedShrinker.Shrink(seed, failure) : failure);
                    if (count <= NormalSeeds && report.Failures.Count >= FailuresShownMax)
                    {
                        loop.Stop();
                    }
                }
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.True(report.Failures.Count == 0, report.DescribeFailures(FailuresShownMax));
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

    /// <summary>Runs the seed that the variable WEFT_SEED names, with the faults that WEFT_FAULTS changes, and fails with the story of what went wrong.</summary>
    [Fact]
    public void Replay_one_seed()
    {
        var seed = NumberOf("WEFT_SEED", 1);
        Assert.Equal(DigestOf(seed, Changes()), DigestOf(seed, Changes()));
    }

    private static string Changes() => Environment.GetEnvironmentVariable("WEFT_FAULTS") ?? "";

    private static ulong DigestOf(int seed, string changes = "")
    {
        var simulation = new Simulation(seed, changes);
        simulation.Run();
        return simulation.Digest.Value;
    }

    private static void RequireThatMuchWasMet(SimulationReport report)
    {
        Assert.True(report.MedianTasks >= 200, report.ToString());
        Assert.Equal(report.Seeds, report.WithDelays);
        Assert.Equal(report.Seeds, report.WithRepeats);
        Assert.Equal(report.Seeds, report.WithOvertakes);
        Assert.True(report.WithLostRunning * 10 >= report.Seeds * 9, report.ToString());
        Assert.True(report.WithPauses * 5 >= report.Seeds, report.ToString());
        foreach (var phase in Enum.GetValues<TaskPhase>())
        {
            foreach (var cause in Enum.GetValues<TaskCause>())
            {
                var met = report.Met(phase, cause);
                var isImpossible = PairsNotMet.Impossible.ContainsKey((phase, cause));
                Assert.True(!isImpossible || met == 0, $"{cause} met a task that is {phase}, which is said to be impossible.\n{report}");
                Assert.True(isImpossible || met > 0 || PairsNotMet.Rare.Contains((phase, cause)), $"{cause} never met a task that is {phase}.\n{report}");
            }
        }
    }

    private static int NumberOf(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
