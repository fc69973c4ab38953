using System.Collections.Concurrent;
using System.Diagnostics;

namespace Weft.Launcher.Tests;

/// <summary>With real processes: small shell scripts in place of workers.</summary>
public sealed class WorkerSupervisorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-supervisor-").FullName;
    private readonly ConcurrentQueue<string> _lines = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Workers_that_end_well_are_not_started_again()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("exit 0", count: 3).WaitAsync(Patience));
        Assert.Empty(_lines);
    }

    [Fact]
    public async Task A_worker_that_is_killed_is_started_again_under_its_own_index()
    {
        // Dies of SIGKILL the first time, ends well the second.
        const string Script = "echo x >> \"$1\"; if [ $(wc -l < \"$1\") -lt 2 ]; then kill -9 $$; fi; exit 0";

        Assert.Equal(ExitCodes.Ok, await RunAsync(Script, count: 2).WaitAsync(Patience));

        Assert.Equal(2, File.ReadAllLines(Trace(0)).Length);
        Assert.Equal(2, File.ReadAllLines(Trace(1)).Length);
        Assert.Equal(2, _lines.Count(static line => line.Contains("signal 9", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_gives_up_on_a_worker_that_never_gets_up_with_one_line()
    {
        Assert.Equal(ExitCodes.Failure, await RunAsync("echo x >> \"$1\"; exit 1", count: 1).WaitAsync(Patience));

        Assert.Equal(3, File.ReadAllLines(Trace(0)).Length);
        Assert.Single(_lines, static line => line.Contains("giving up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_exit_code_tells_why_workers_cannot_start() =>
        Assert.Equal(ExitCodes.Refused, await RunAsync("exit 5", count: 2).WaitAsync(Patience));

    [Fact]
    public async Task Workers_are_asked_to_end_and_waited_for()
    {
        using var stop = new CancellationTokenSource();
        var run = RunAsync("trap 'echo ended >> \"$1\"; exit 0' TERM; echo ready > \"$1\"; while :; do read x; done", 2, stop.Token);
        await Appears(Trace(0));
        await Appears(Trace(1));

        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Ok, await run.WaitAsync(Patience));
        Assert.Equal(["ready", "ended"], File.ReadAllLines(Trace(0)));
        Assert.Equal(["ready", "ended"], File.ReadAllLines(Trace(1)));
    }

    [Fact]
    public async Task A_worker_that_does_not_end_when_asked_is_ended_with_all_that_it_started()
    {
        using var stop = new CancellationTokenSource();
        var run = RunAsync("trap '' TERM; sleep 1000 & echo $$ $! > \"$1\"; while :; do sleep 1000; done", 1, stop.Token);
        await Appears(Trace(0));
        var processes = File.ReadAllText(Trace(0)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();

        await stop.CancelAsync();

        Assert.Equal(ExitCodes.SignalBase + 9, await run.WaitAsync(Patience));
        Assert.Single(_lines, static line => line.Contains("did not end within", StringComparison.Ordinal));
        Assert.Equal(2, processes.Length);
        foreach (var id in processes)
        {
            await Ends(id);
        }
    }

    private async Task<int> RunAsync(string script, int count, CancellationToken stop = default)
    {
        var options = new SupervisorOptions
        {
            Count = count,
            Command = place => new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script, "worker", Trace(place.Index) } },
            Folder = Path.Combine(_folder, "processes"),
            Policy = new RestartPolicy(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), Patience, ImmediateDeathsMax: 2),
            StopLimit = script.Contains("trap ''", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(50) : Patience,
            Report = _lines.Enqueue,
        };
        return await new WorkerSupervisor(options, TimeProvider.System).RunAsync(stop);
    }

    private string Trace(int index) => Path.Combine(_folder, $"worker-{index}");

    private static async Task Appears(string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Gone, or a zombie that nobody has reaped: an orphan's parent is whatever runs as process 1 here.</summary>
    private static async Task Ends(int id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (File.Exists($"/proc/{id}/stat") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
