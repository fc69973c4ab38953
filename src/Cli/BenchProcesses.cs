namespace Weft.Cli;

/// <summary>Which processes took part.</summary>
/// <param name="Client">This one.</param>
/// <param name="Scheduler">Null where it is not known.</param>
/// <param name="Workers">In the order in which the scheduler names them.</param>
internal sealed record BenchProcesses(int Client, int? Scheduler, IReadOnlyList<int> Workers)
{
    public static BenchProcesses Only(int client) => new(client, null, []);

    /// <summary>Everything in one process.</summary>
    public static BenchProcesses Embedded(int process, int workers) => new(process, process, [.. Enumerable.Repeat(process, workers)]);
}
