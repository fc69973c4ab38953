using System.Globalization;

namespace Weft.Simulation.Tests;

/// <summary>How much of each fault there is in one seed, and how bad the network is: some seeds know a fault not at all, some little else.</summary>
internal sealed class FaultPlan
{
    private readonly int[] _drawn = new int[Enum.GetValues<Fault>().Length];
    private readonly int[] _counts;

    /// <param name="random">Where the plan comes from.</param>
    /// <param name="changes">What differs from what the seed draws, as <see cref="Changes"/> gives it.</param>
    public FaultPlan(SimulationRandom random, string changes)
    {
        DelayUsMax = (int)random.Magnitude(20, 20_000);
        LateUsMax = (int)random.Magnitude(5_000, 500_000);
        SchedulerUsMax = random.Chance(200) ? random.Between(1_000, 60_000) : random.Between(10, 500);
        DetectUsMax = random.Chance(150) ? 40_000_000 : random.Between(1_000, 2_000_000);
        RestartUsMax = random.Between(10_000, 3_000_000);
        Draw(random);
        _counts = [.. _drawn];
        foreach (var change in changes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = change.Split('=');
            _counts[(int)Enum.Parse<Fault>(parts[0])] = int.Parse(parts[1], CultureInfo.InvariantCulture);
        }
    }

    public int DelayUsMax { get; }

    /// <summary>How much later a duplicate may come, and a message that others overtake.</summary>
    public int LateUsMax { get; }

    /// <summary>How long the scheduler takes for a batch.</summary>
    public int SchedulerUsMax { get; }

    /// <summary>How long a crash may go unnoticed; above the lease it is the lease that ends it.</summary>
    public int DetectUsMax { get; }

    public int RestartUsMax { get; }

    public int this[Fault fault] => _counts[(int)fault];

    /// <summary>What differs from what the seed draws: with it and the seed a simulation can be repeated.</summary>
    public string Changes => string.Join(",", Enum.GetValues<Fault>().Where(fault => this[fault] != _drawn[(int)fault]).Select(Text));

    /// <summary>The changes, and one more.</summary>
    public string ChangesWith(Fault fault, int count) =>
        string.Join(",", Enum.GetValues<Fault>().Where(other => other != fault && this[other] != _drawn[(int)other]).Select(Text).Append(TextOf(fault, count)));

    public override string ToString() => string.Join(", ", Enum.GetValues<Fault>().Where(fault => this[fault] > 0).Select(Text));

    private string Text(Fault fault) => TextOf(fault, this[fault]);

    private static string TextOf(Fault fault, int count) => string.Create(CultureInfo.InvariantCulture, $"{fault}={count}");

    private void Draw(SimulationRandom random)
    {
        Set(Fault.Work, 1000);
        Set(Fault.Duplicates, random.Between(20, random.Chance(300) ? 500 : 150));
        Set(Fault.Overtakes, random.Between(20, 400));
        Set(Fault.FailedFetches, random.Chance(700) ? random.Between(10, 500) : 0);
        Set(Fault.Crashes, random.Chance(990) ? random.Between(3, 7) : 0);
        Set(Fault.Leaves, Few(500, 2));
        Set(Fault.LeavesOfTwo, Few(150, 2));
        Set(Fault.LeavesOfAllButOne, Few(100, 1));
        Set(Fault.Preemptions, Few(300, 3));
        Set(Fault.Drains, Few(400, 3));
        Set(Fault.Hangs, Few(100, 1));
        Set(Fault.NewWorkers, Few(400, 3));
        Set(Fault.Disconnects, Few(500, 6));
        Set(Fault.WorkerDisconnects, Few(500, 6));
        Set(Fault.Partitions, Few(300, 4));
        Set(Fault.SchedulerPauses, Few(200, 2));
        Set(Fault.SchedulerDeaths, Few(500, 4));
        Set(Fault.TightMemory, random.Chance(400) ? random.Between(200, 1000) : 0);
        Set(Fault.ClientDeaths, random.Chance(100) ? 1 : 0);
        Set(Fault.CopyRequests, Few(750, 20));
        Set(Fault.Restarts, Few(100, 2));
        Set(Fault.MemoryPauses, Few(400, 6));

        void Set(Fault fault, int count) => _drawn[(int)fault] = count;

        // Now and then one fault is far more frequent than all others.
        int Few(int chance, int most) => !random.Chance(chance) ? 0 : random.Between(1, random.Chance(50) ? most * 4 : most);
    }
}
