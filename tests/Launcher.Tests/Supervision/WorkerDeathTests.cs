using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Primitives;
using Weft.Worker;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests.Supervision;

/// <summary>With real processes: shell scripts that die, and a life page that shows what a worker in their place would have shown.</summary>
public sealed class WorkerDeathTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Incarnation = [1, 2, 3];

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-deaths-").FullName;
    private readonly HostFixture _host = new();
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ConcurrentQueue<WorkerDeath> _deaths = [];
    private int _starts;

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_a_killed_worker_was_running_is_told()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("kill -9 $$", page => Show(page, 41, 42)));

        var death = Assert.Single(_deaths);
        Assert.Equal(Incarnation, death.Incarnation);
        Assert.Equal(["0.41@1:7", "0.42@1:7"], death.Running.Select(static run => run.ToString()));
        Assert.Equal((V1.DeathCause.Unknown, "signal 9"), (death.Cause, death.Detail));
    }

    [Theory]
    [InlineData(ExitCodes.Ok)]
    [InlineData(ExitCodes.NotReachable)]
    [InlineData(ExitCodes.RestartWanted)]
    public async Task A_task_that_ends_the_process_is_told_and_another_started_whatever_code_it_chose(int code)
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync($"exit {code}", page => Show(page, 41)));

        Assert.Equal(2, _starts);
        var death = Assert.Single(_deaths);
        Assert.Single(death.Running);
        Assert.Equal($"exit code {code}", death.Detail);
    }

    [Fact]
    public async Task A_worker_that_ended_in_order_is_not_told_of()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("exit 0", static page => page.End()));
        Assert.Equal(1, _starts);
        Assert.Empty(_deaths);
    }

    [Fact]
    public async Task A_worker_whose_beat_stands_still_is_ended_and_replaced()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("sleep 1000", page => Show(page, 41), static options => options with { Lease = TimeSpan.FromMilliseconds(300) }));

        Assert.Equal(2, _starts);
        var death = Assert.Single(_deaths);
        Assert.Equal(V1.DeathCause.Hung, death.Cause);
        Assert.Single(death.Running);
        Assert.Single(_lines, static line => line.Contains("its control loop has stood still", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_at_its_memory_limit_is_ended_and_replaced_with_one_line()
    {
        Assert.Equal(
            ExitCodes.Ok,
            await RunAsync("sleep 1000", page => Show(page, 41), static options => options with { MemoryLimitBytes = 1 << 19 }));

        Assert.Equal(2, _starts);
        var death = Assert.Single(_deaths);
        Assert.Equal(V1.DeathCause.OutOfMemory, death.Cause);
        Assert.Matches("^it holds [1-9][0-9]* MiB of memory, and its limit is 0 MiB$", death.Detail);
        Assert.Single(_lines, line => line.Contains(death.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kill_that_the_control_group_counted_was_for_want_of_memory()
    {
        const string Events = "/sys/fs/cgroup/job/memory.events";
        _host.With("/proc/self/cgroup", "0::/job\n").With(Events, "low 0\noom 3\noom_kill 3\n");
        var file = Path.Combine(_host.View().Root, Events[1..]);

        await RunAsync($"printf 'oom 4\\noom_kill 4\\n' > {file}; kill -9 $$", page => Show(page, 41), options => options with { Host = _host.View() });

        Assert.Equal(V1.DeathCause.OutOfMemory, Assert.Single(_deaths).Cause);
    }

    [Fact]
    public async Task A_kill_that_it_did_not_count_was_not()
    {
        _host.With("/proc/self/cgroup", "8:memory:/job\n").With("/sys/fs/cgroup/memory/job/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        await RunAsync("kill -9 $$", page => Show(page, 41), options => options with { Host = _host.View() });
        Assert.Equal(V1.DeathCause.Unknown, Assert.Single(_deaths).Cause);
    }

    [Fact]
    public async Task A_worker_that_does_not_leave_in_time_is_told_of_without_blaming_what_it_ran()
    {
        using var stop = new CancellationTokenSource();
        var run = RunAsync(
            "trap '' TERM; touch \"$1/ready\"; while :; do sleep 1000; done",
            page => Show(page, 41),
            static options => options with { StopLimit = TimeSpan.FromMilliseconds(50) },
            stop.Token);
        while (!File.Exists(Path.Combine(Processes, "0.1", "ready")))
        {
            Assert.False(run.IsCompleted);
            await Task.Delay(5);
        }

        await stop.CancelAsync();

        Assert.Equal(ExitCodes.SignalBase + 9, await run);
        var death = Assert.Single(_deaths);
        Assert.Empty(death.Running);
        Assert.Equal(V1.DeathCause.Unknown, death.Cause);
    }

    [Fact]
    public async Task A_dead_workers_folder_is_removed()
    {
        await RunAsync("echo spilled > \"$1/spill\"; kill -9 $$", page => Show(page, 41));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Processes));
    }

    private string Processes => Path.Combine(_folder, "processes");

    private static void Show(LifePage page, params ulong[] tasks)
    {
        page.BeginIncarnation(Incarnation);
        for (var slot = 0; slot < tasks.Length; slot++)
        {
            page.Running.OfSlot(slot).Show(new TaskId(tasks[slot]), new Attempt(1, 7));
        }

        page.Beat(memoryBytes: 1);
    }

    /// <summary>The first start runs the script and shows what the test says; the second ends at once and well.</summary>
    private async Task<int> RunAsync(string script, Action<LifePage> show, Func<SupervisorOptions, SupervisorOptions>? with = null, CancellationToken stop = default)
    {
        var options = new SupervisorOptions
        {
            Count = 1,
            Slots = 2,
            Command = place =>
            {
                var isFirst = ++_starts == 1;
                if (isFirst)
                {
                    show(LifePage.Open(place.LifePage));
                }

                return new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", isFirst ? script : "exit 0", "worker", place.Folder } };
            },
            Folder = Processes,
            Policy = RestartPolicy.Default with { FirstPause = TimeSpan.FromMilliseconds(1) },
            ReportDeath = death =>
            {
                _deaths.Enqueue(death);
                return Task.CompletedTask;
            },
            Report = _lines.Enqueue,
        };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        return await new WorkerSupervisor(with?.Invoke(options) ?? options, TimeProvider.System).RunAsync(patience.Token);
    }
}
