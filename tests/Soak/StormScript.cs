namespace Weft.Soak;

/// <summary>What happens to a cluster.</summary>
internal enum StormAct
{
    KillWorker,
    KillAllWorkers,

    /// <summary>Stops a worker for longer than its lease; it goes on later, while other things happen.</summary>
    StopWorker,

    /// <summary>Kills the scheduler and starts it again.</summary>
    KillScheduler,

    /// <summary>The same, and a worker too while there is no scheduler.</summary>
    KillSchedulerAndWorker,
}

/// <summary>One thing that happens.</summary>
/// <param name="At">When: at this share of the graph's runs.</param>
/// <param name="Act">What.</param>
/// <param name="Choice">Which worker, as a share of them.</param>
/// <param name="Pause">Until the scheduler is started again, or for how long beyond its lease the worker is stopped.</param>
internal sealed record StormStep(double At, StormAct Act, double Choice, TimeSpan Pause);

/// <summary>What happens to a cluster while it runs a graph, drawn from a seed.</summary>
internal static class StormScript
{
    private const double Begins = 0.03;
    private const double Ends = 0.92;
    private const int PauseMsMax = 1500;

    private static readonly StormAct[] Acts =
    [
        StormAct.KillWorker, StormAct.KillWorker, StormAct.KillWorker, StormAct.KillWorker, StormAct.KillWorker,
        StormAct.KillAllWorkers, StormAct.StopWorker, StormAct.KillScheduler, StormAct.KillSchedulerAndWorker,
    ];

    public static IReadOnlyList<StormStep> Draw(int seed)
    {
        var random = new Random(seed ^ 0x5707);
        return
        [
            .. Acts.Select(act => new StormStep(Begins + (random.NextDouble() * (Ends - Begins)), act, random.NextDouble(), TimeSpan.FromMilliseconds(random.Next(PauseMsMax))))
                .OrderBy(static step => step.At),
        ];
    }
}
