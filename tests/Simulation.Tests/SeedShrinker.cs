using System.Diagnostics;

namespace Weft.Simulation.Tests;

/// <summary>
/// Makes a failing seed smaller: runs it again with one fault after the other switched off, or halved, and keeps what still fails, however it
/// fails; until nothing can be taken away any more, or time is up.
/// </summary>
internal static class SeedShrinker
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    public static SimulationException Shrink(int seed, SimulationException failure)
    {
        var began = Stopwatch.StartNew();
        var changes = "";
        for (var isSmaller = true; isSmaller;)
        {
            isSmaller = false;
            foreach (var fault in Enum.GetValues<Fault>())
            {
                // Off at once if that will do; else by halves.
                var count = CountOf(seed, changes, fault);
                var lower = fault == Fault.Work ? count / 2 : 0;
                while (lower < count && began.Elapsed < TimeMax)
                {
                    var changed = new Simulation(seed, changes).Faults.ChangesWith(fault, lower);
                    if (TryRun(seed, changed) is { } smaller)
                    {
                        (failure, changes, count, isSmaller) = (smaller, changed, lower, true);
                        lower = count / 2;
                    }
                    else
                    {
                        lower = lower == 0 && count > 1 ? (count + 1) / 2 : count;
                    }
                }
            }
        }

        return failure;
    }

    public static SimulationException? TryRun(int seed, string changes)
    {
        try
        {
            new Simulation(seed, changes).Run();
            return null;
        }
        catch (SimulationException failure)
        {
            return failure;
        }
    }

    private static int CountOf(int seed, string changes, Fault fault) => new Simulation(seed, changes).Faults[fault];
}
