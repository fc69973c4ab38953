using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>An array job for <c>qsub</c>: its arguments, and the script that it reads. The number of a task is the number of its node.</summary>
internal sealed record GridEngineSubmission(IReadOnlyList<string> Arguments, string Script)
{
    /// <param name="cluster">Its settings.</param>
    /// <param name="logs">Where nodes write to.</param>
    /// <param name="nodeScript">The file with what a node runs, on its host.</param>
    /// <param name="request">What is asked for.</param>
    /// <exception cref="ProviderException">The settings do not go together.</exception>
    public static GridEngineSubmission Of(ClusterSettings cluster, QueueLogs logs, string nodeScript, LaunchRequest request)
    {
        var settings = new QueueSettings(cluster.Provider, request.NodeSettings);
        var slots = settings.Count("slots") ?? request.Capacity.Slots;
        List<string> arguments =
        [
            // The script is the node's, not a place for options, and is never run a second time for the same node.
            "-terse", "-C", "", "-S", "/bin/sh", "-r", "n",
            "-N", GridEngineJobName.Of(cluster.ClusterName, request.Type),
            "-t", string.Create(CultureInfo.InvariantCulture, $"{request.First}-{request.First + request.Count - 1}"),
            "-o", $"{logs.Folder}/{request.Type}-$TASK_ID.log", "-j", "y",
        ];
        if (settings.Flag("notify") != false)
        {
            arguments.Add("-notify");
        }

        Add(arguments, "-q", settings.Text("queue"));
        Add(arguments, "-P", settings.Text("project"));
        arguments.AddRange(ParallelEnvironment(settings, request, slots));
        foreach (var resource in Resources(settings, request.Capacity, slots))
        {
            Add(arguments, "-l", resource);
        }

        arguments.AddRange(settings.TextList("submit_options").SelectMany(ShellText.Split));
        var script = QueueJobScript.Render(cluster.ClusterName, request with { Script = $". {ShellText.Quote(nodeScript)}\n" }, "$SGE_TASK_ID", settings.TextList("prologue"), settings.TextList("epilogue"));
        return new GridEngineSubmission(arguments, script);
    }

    private static string[] ParallelEnvironment(QueueSettings settings, LaunchRequest request, int slots)
    {
        if (settings.Text("parallel_environment") is { } environment)
        {
            return ["-pe", environment, Invariant(slots)];
        }

        return slots <= 1 ? [] : throw new ProviderException(
            FailureKind.Permanent,
            $"a node of type '{request.Type}' has {slots} CPUs, and Grid Engine grants more than one slot only in a parallel environment: name one by 'parallel_environment', or set 'slots: 1'");
    }

    private static IEnumerable<string> Resources(QueueSettings settings, NodeCapacity capacity, int slots)
    {
        if (settings.Duration("walltime") is { } walltime && walltime != Timeout.InfiniteTimeSpan)
        {
            yield return $"h_rt={Invariant((long)Math.Ceiling(walltime.TotalSeconds))}";
        }

        var named = settings.Text("memory_resource");
        if ((settings.Size("memory") ?? (named is null ? null : capacity.MemoryBytes / Math.Max(1, slots))) is { } bytes)
        {
            yield return $"{named ?? "h_vmem"}={Invariant((bytes + (1 << 20) - 1) >> 20)}M";
        }

        foreach (var resource in settings.TextList("resources"))
        {
            yield return resource;
        }
    }

    private static void Add(List<string> arguments, string option, string? value)
    {
        if (value is not null)
        {
            arguments.AddRange([option, value]);
        }
    }

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
}
