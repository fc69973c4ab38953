using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Weft.Clusters.Tests;

/// <summary>A cluster of one provider on this machine, which its own program brings up and down as a user would.</summary>
internal abstract class ClusterUnderTest(string folder) : IAsyncDisposable
{
    private static int _clusters;

    /// <summary>No other cluster of any test has it.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"test-{Environment.ProcessId}-{Interlocked.Increment(ref _clusters)}");

    /// <summary>Where whoever runs the program may read and write.</summary>
    public string Folder => folder;

    public string File => Path.Combine(folder, "cluster.yaml");

    /// <summary>More of the section <c>head</c>, each with a comma before it.</summary>
    public string Head { get; init; } = "";

    /// <summary>Writes the cluster file.</summary>
    /// <param name="minimum">Nodes that stay.</param>
    /// <param name="maximum">Of nodes.</param>
    /// <param name="more">Further lines.</param>
    public void Write(int minimum, int maximum, string more = "") => System.IO.File.WriteAllText(
        File,
        $$"""
        cluster_name: {{Name}}
        {{Provider.ReplaceLineEndings("\n")}}
        max_workers: {{maximum}}
        head: {port: 0, status_port: 0{{Head}}}
        available_node_types:
          worker:
            min_workers: {{minimum}}
            max_workers: {{maximum}}
            resources: {CPU: 1}
            {{NodeConfig}}
        {{more}}

        """);

    public void Write(ExampleFile example) => System.IO.File.WriteAllText(File, example.Text);

    /// <summary>The section <c>provider</c>, and what belongs to it.</summary>
    protected abstract string Provider { get; }

    protected virtual string NodeConfig => "";

    /// <summary>Runs the program on the cluster file: <c>weft COMMAND FILE ARGUMENTS…</c>.</summary>
    public Task<WeftRun> WeftAsync(string command, params string[] arguments) => WeftRun.OfAsync(Command([command, File, .. arguments]));

    /// <summary>Begins <c>weft up</c> beside the test.</summary>
    /// <param name="said">Takes what it says.</param>
    public Process BeginUp(ConcurrentQueue<string> said)
    {
        var info = Command(["up", File]);
        info.RedirectStandardError = true;
        info.RedirectStandardOutput = true;
        var up = Process.Start(info)!;
        up.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        up.BeginErrorReadLine();
        up.BeginOutputReadLine();
        return up;
    }

    /// <summary>The program as the cluster's user runs it.</summary>
    public abstract ProcessStartInfo Command(IReadOnlyList<string> arguments);

    /// <summary>A scheduler file by which this process reaches the cluster.</summary>
    public abstract Task<ReachedCluster> ReachAsync();

    /// <summary>What the system that nodes are from still has of the cluster, beside processes.</summary>
    public virtual Task<string> LeftInSystemAsync() => Task.FromResult("");

    /// <summary>All processes of the cluster, or of one node of it, of whatever user.</summary>
    public IReadOnlyList<int> Processes(string? node = null)
    {
        var found = new List<int>();
        foreach (var path in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && RealProcesses.IsAlive(id))
            {
                var environment = EnvironmentOf(path);
                if (environment.Contains($"WEFT_CLUSTER={Name}") && (node is null || environment.Contains($"WEFT_NODE={node}")))
                {
                    found.Add(id);
                }
            }
        }

        return found;
    }

    /// <summary>Fails when anything of the cluster is left.</summary>
    public async Task IsGoneAsync()
    {
        Assert.Empty(Processes());
        Assert.Equal("", await LeftInSystemAsync());
    }

    /// <summary>Ends a node without a word to anybody.</summary>
    public void KillNode(string node)
    {
        var processes = Processes(node);
        Assert.NotEmpty(processes);
        foreach (var process in processes)
        {
            RealProcesses.TryKill(process);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (System.IO.File.Exists(File) && Processes().Count > 0)
        {
            _ = await WeftAsync("down", "--yes");
            foreach (var process in Processes())
            {
                RealProcesses.TryKill(process);
            }
        }
    }

    private static string[] EnvironmentOf(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(System.IO.File.ReadAllBytes(Path.Combine(path, "environ"))).Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
