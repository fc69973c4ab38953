using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Nodes that are processes of this machine: each a shell in a session of its own, which outlives whoever started it.</summary>
internal sealed class LocalProvider(ClusterSettings settings) : IClusterProvider
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly NodeFolder _folder = new(HomePath.Expand(settings.Folder));

    /// <summary>For a node's workers to leave by themselves, before they are killed.</summary>
    public TimeSpan EndPatience { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>For killed processes to be gone: one that waits for a disk or a file server in the kernel cannot be killed before that answers, if it ever does.</summary>
    public TimeSpan KillPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Sends a signal to a process.</summary>
    public Action<int, int> Send { get; init; } = ProcessSignal.Send;

    public Task CheckAsync(CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new ProviderException(FailureKind.Permanent, "clusters of processes that outlive their program need Linux; a program has one of its own by WeftClient.StartLocalAsync().");
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<NodeFailure>> LaunchAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var there = MarkedProcess.Of(settings.ClusterName).Select(static process => process.Node).ToHashSet();
        var failures = new List<NodeFailure>();
        foreach (var node in request.Nodes.Where(node => !there.Contains(node)))
        {
            try
            {
                Start(node, request.Script);
            }
            catch (Exception failure) when (failure is Win32Exception or IOException or UnauthorizedAccessException)
            {
                failures.Add(new NodeFailure(node, FailureKind.Permanent, failure.Message));
            }
        }

        return Task.FromResult<IReadOnlyList<NodeFailure>>(failures);
    }

    public Task<IReadOnlyList<ClusterNode>> ListAsync(CancellationToken cancellation)
    {
        // The ends before the processes: a node that ends in between is seen to run once more, and not twice.
        var ended = _folder.Ends();
        var nodes = new SortedDictionary<NodeId, ClusterNode>();
        foreach (var (node, end) in ended)
        {
            nodes[node] = new ClusterNode
            {
                Id = node,
                State = end.ExitCode == 0 ? NodeState.Ended : NodeState.Failed,
                Detail = end.ToString(),
                Host = Environment.MachineName,
                SystemName = "ended",
            };
        }

        foreach (var processes in MarkedProcess.Of(settings.ClusterName).GroupBy(static process => process.Node))
        {
            nodes[processes.Key] = new ClusterNode
            {
                Id = processes.Key,
                State = NodeState.Running,
                Host = Environment.MachineName,
                SystemName = string.Create(CultureInfo.InvariantCulture, $"process {processes.First().ProcessId}"),
            };
        }

        return Task.FromResult<IReadOnlyList<ClusterNode>>([.. nodes.Values]);
    }

    public async Task TerminateAsync(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        var doomed = nodes.ToHashSet();
        var began = Stopwatch.GetTimestamp();
        Signal(doomed, ProcessSignal.Terminate);
        while (Left(doomed).ToList() is { Count: > 0 } left)
        {
            if (Stopwatch.GetElapsedTime(began) > EndPatience + KillPatience)
            {
                throw new ProviderException(
                    FailureKind.Transient,
                    $"processes could not be ended: {string.Join(", ", left.GroupBy(static process => process.Node).Select(static node => $"{string.Join(' ', node.Select(static process => process.ProcessId))} of {node.Key}"))}");
            }

            if (Stopwatch.GetElapsedTime(began) > EndPatience)
            {
                // Again and again: a process may just have started another.
                Signal(doomed, ProcessSignal.Kill);
            }

            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyList<string>> ReadLogAsync(NodeId node, int lines, CancellationToken cancellation) => Task.FromResult(_folder.ReadLog(node, lines));

    public string Describe(LaunchRequest request) =>
        string.Concat(request.Nodes.Select(node => $"# {node}: setsid /bin/sh, output to {_folder.LogOf(node)}\n")) + request.Script;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Start(NodeId node, string script)
    {
        _folder.Prepare(node, script);

        // In a session of its own no signal for this program's terminal reaches it. Command lines are for all users to see: the script's variables are on none.
        const string begin = "exec < /dev/null >> \"$1\" 2>&1; shift; exec setsid /bin/sh -c \"$1\" weft-node \"$2\" \"$3\" \"$4\"";
        var info = new ProcessStartInfo("/bin/sh", ["-c", begin, "sh", _folder.LogOf(node), NodeFolder.Wrapper, _folder.EndOf(node), _folder.ScriptOf(node), NodeFolder.Sweep]);
        foreach (var mark in OuterMarks.Variables)
        {
            info.Environment.Remove(mark);
        }

        info.Environment[NodeMarks.Cluster] = settings.ClusterName;
        info.Environment[NodeMarks.NodeType] = node.Type;
        info.Environment[NodeMarks.Node] = node.ToString();
        using var process = Process.Start(info);
    }

    private IEnumerable<MarkedProcess> Left(HashSet<NodeId> doomed) => MarkedProcess.Of(settings.ClusterName).Where(process => doomed.Contains(process.Node));

    private void Signal(HashSet<NodeId> doomed, int signal)
    {
        foreach (var process in Left(doomed))
        {
            Send(process.ProcessId, signal);
        }
    }
}
