using System.Globalization;
using System.Text;

namespace Weft.Launcher;

/// <summary>Writes the line that becomes <c>weft worker</c>: processes that share the node's slots, memory and named resources equally.</summary>
internal static class WorkerCommandLine
{
    public static string Of(ClusterConfiguration cluster, NodeTypeConfiguration type, NodePaths paths)
    {
        var line = new StringBuilder();
        var shares = type.TakesAllCores ? SharesOfHost(line, type) : SharesOfCapacity(type);
        line.Append(CultureInfo.InvariantCulture, $"exec {ShellText.QuotePath(paths.Program)} worker --scheduler-file {ShellText.QuotePath(paths.SchedulerFile)} --name \"$WEFT_NODE\"");
        line.Append(CultureInfo.InvariantCulture, $" --nworkers {shares.Processes} --nthreads {shares.Slots} --memory-limit {shares.Memory}");
        if (type.Resources.Count > 0)
        {
            line.Append(CultureInfo.InvariantCulture, $" --resources {ShellText.Quote(type.ProcessResources.ToString())}");
        }

        if (cluster.Storage is { } storage)
        {
            line.Append(CultureInfo.InvariantCulture, $" --local-directory {ShellText.QuotePath(storage)}");
        }

        foreach (var word in type.WorkerArguments)
        {
            line.Append(CultureInfo.InvariantCulture, $" {ShellText.Quote(word)}");
        }

        return line.Append(" </dev/null\n").ToString();
    }

    private static Shares SharesOfCapacity(NodeTypeConfiguration type)
    {
        var processes = type.ProcessCount;
        return new Shares(
            Number(processes),
            Number(type.Capacity.Slots / processes),
            type.Capacity.MemoryBytes is { } bytes ? $"{Number(Math.Max(1, bytes / processes))}B" : "auto");
    }

    /// <summary>Only the host knows its cores: where something is to be shared by them, its shell counts.</summary>
    private static Shares SharesOfHost(StringBuilder line, NodeTypeConfiguration type)
    {
        var isOneEach = type.IsProcessPerHostCore;
        if (isOneEach && type.Capacity.MemoryBytes is null)
        {
            return new Shares("auto", "1", "auto");
        }

        // nproc takes these for how many processors there are.
        line.Append("weft_cores=$(unset OMP_NUM_THREADS OMP_THREAD_LIMIT; nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)\n");
        var processes = isOneEach ? "\"$weft_cores\"" : Number(type.ProcessCount);
        var slots = isOneEach ? "1" : $"\"$((weft_cores > {processes} ? weft_cores / {processes} : 1))\"";
        var memory = type.Capacity.MemoryBytes is { } bytes ? $"\"$(({Number(bytes)} / {(isOneEach ? "weft_cores" : processes)}))B\"" : "auto";
        return new Shares(processes, slots, memory);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>As the shell reads them.</summary>
    private readonly record struct Shares(string Processes, string Slots, string Memory);
}
