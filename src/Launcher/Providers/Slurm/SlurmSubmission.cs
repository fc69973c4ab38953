using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>An array job for <c>sbatch</c>: its arguments, and the script that it reads. All nodes are of one block of <see cref="SlurmArrays"/>.</summary>
internal sealed record SlurmSubmission(IReadOnlyList<string> Arguments, string Script)
{
    public static SlurmSubmission Of(ClusterSettings cluster, QueueLogs logs, SlurmArrays arrays, LaunchRequest part)
    {
        var settings = new QueueSettings(cluster.Provider, part.NodeSettings);
        var block = arrays.Block(part.First);
        List<string> arguments =
        [
            "--parsable",
            $"--job-name={new SlurmJobName(part.Type, block).Of(cluster.ClusterName)}",
            $"--array={new NumberRun(part.First - block, part.First - block + part.Count - 1)}",
            $"--output={logs.Folder}/{part.Type}-{arrays.FilePattern(part.First)}.log",
            "--open-mode=append",
            // Slurm would use the folder of whoever submits, which the node need not have; the script goes home.
            "--chdir=/",
            // A node that came back under its name would be taken for the one that was lost.
            "--no-requeue",
            "--ntasks=1",
            $"--cpus-per-task={Invariant(settings.Count("cpus_per_task") ?? part.Capacity.Slots)}",
            // To the script's own process, which has become the worker by then, not to steps that there are not.
            $"--signal=B:TERM@{Invariant(Math.Max(1, (long)part.Notice.TotalSeconds))}",
        ];
        foreach (var key in (string[])["partition", "account", "qos", "constraint", "reservation", "nodelist", "exclude", "gres"])
        {
            Add(arguments, key, settings.Text(key));
        }

        if (settings.Duration("time") is { } time)
        {
            Add(arguments, "time", time == Timeout.InfiniteTimeSpan ? "UNLIMITED" : Invariant((long)Math.Ceiling(time.TotalMinutes)));
        }

        AddMemory(arguments, settings, part.Capacity);
        if (cluster.Tags.Count > 0)
        {
            Add(arguments, "comment", string.Join(',', cluster.Tags.Select(static tag => $"{tag.Key}={tag.Value}")));
        }

        arguments.AddRange(settings.TextList("submit_options").SelectMany(ShellText.Split));
        var number = block == 0 ? "$SLURM_ARRAY_TASK_ID" : $"$(({Invariant(block)} + SLURM_ARRAY_TASK_ID))";
        return new SlurmSubmission(arguments, QueueJobScript.Render(cluster.ClusterName, part, number, settings.TextList("prologue"), settings.TextList("epilogue")));
    }

    /// <summary>Slurm refuses the two together: what a node type says of its memory, in either way, counts before what is said for all.</summary>
    private static void AddMemory(List<string> arguments, QueueSettings settings, NodeCapacity capacity)
    {
        var isOfNode = settings.Node.Has("mem") && !settings.Node.Has("mem_per_cpu");
        if (!isOfNode && settings.Size("mem_per_cpu") is { } ofCpu)
        {
            Add(arguments, "mem-per-cpu", Mebibytes(ofCpu));
        }
        else if ((settings.Size("mem") ?? capacity.MemoryBytes) is { } ofNode)
        {
            Add(arguments, "mem", Mebibytes(ofNode));
        }
    }

    private static void Add(List<string> arguments, string option, string? value)
    {
        if (value is not null)
        {
            arguments.Add($"--{option}={value}");
        }
    }

    private static string Mebibytes(long bytes) => $"{Invariant((bytes + (1 << 20) - 1) >> 20)}M";

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
}
