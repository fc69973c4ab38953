namespace Weft.Simulation.Tests;

/// <summary>Which faults exist in one seed, and how often they strike. Chances are in thousandths.</summary>
internal sealed class FaultPlan
{
    public FaultPlan(SimulationRandom random)
    {
        DelayUsMax = (int)random.Magnitude(20, 20_000);
        LateUsMax = (int)random.Magnitude(5_000, 500_000);
        Duplicates = random.Between(20, random.Chance(300) ? 500 : 150);
        Overtakes = random.Between(20, 400);
        SchedulerUsMax = random.Chance(200) ? random.Between(1_000, 60_000) : random.Between(10, 500);
        FailedFetches = random.Chance(700) ? random.Between(10, 500) : 0;
        Crashes = random.Chance(990) ? random.Between(1, 6) : 0;
        Leaves = random.Chance(500) ? random.Between(1, 2) : 0;
        Hangs = random.Chance(100) ? 1 : 0;
        NewWorkers = random.Chance(400) ? random.Between(1, 3) : 0;
        Disconnects = random.Chance(500) ? random.Between(1, 6) : 0;
        DetectUsMax = random.Chance(150) ? 40_000_000 : random.Between(1_000, 2_000_000);
        RestartUsMax = random.Between(10_000, 3_000_000);
        ClientDies = random.Chance(100);
        WorkerDisconnects = random.Chance(500) ? random.Between(1, 6) : 0;
        SchedulerDeaths = random.Chance(500) ? random.Between(1, 4) : 0;
    }

    public int DelayUsMax { get; }

    /// <summary>How much later a duplicate may come, and a message that others overtake.</summary>
    public int LateUsMax { get; }

    public int Duplicates { get; }

    public int Overtakes { get; }

    /// <summary>How long the scheduler takes for a batch.</summary>
    public int SchedulerUsMax { get; }

    public int FailedFetches { get; }

    public int Crashes { get; }

    /// <summary>Workers that leave gracefully.</summary>
    public int Leaves { get; }

    /// <summary>Workers that stand still for longer than their lease.</summary>
    public int Hangs { get; }

    /// <summary>Workers that join when the work has begun.</summary>
    public int NewWorkers { get; }

    /// <summary>Broken connections of clients, which reattach.</summary>
    public int Disconnects { get; }

    /// <summary>Broken connections of workers, which come back with what they run and hold.</summary>
    public int WorkerDisconnects { get; }

    /// <summary>Deaths of the scheduler, which begins again from its journal.</summary>
    public int SchedulerDeaths { get; }

    /// <summary>How long a crash may go unnoticed; above the lease it is the lease that ends it.</summary>
    public int DetectUsMax { get; }

    public int RestartUsMax { get; }

    /// <summary>One of the clients goes away for ever.</summary>
    public bool ClientDies { get; }
}
