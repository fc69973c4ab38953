using System.Diagnostics;
using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher.Tests.Providers;

/// <summary>Nodes that are processes of this machine: real shells.</summary>
public sealed class LocalProviderTests : IAsyncLifetime
{
    private const UnixFileMode OnlyUs = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static int _clusters;

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-local-").FullName;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"local-{Environment.ProcessId}-{Interlocked.Increment(ref _clusters)}");

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    private LocalProvider Provider => Of(_name, TimeSpan.FromMinutes(1));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        foreach (var process in MarkedProcess.Of(_name))
        {
            ProcessSignal.Send(process.ProcessId, ProcessSignal.Kill);
        }

        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_node_that_is_launched_twice_is_there_once()
    {
        await LaunchAsync("echo began; exec sleep 100", 1, 2);
        await LaunchAsync("echo began; exec sleep 100", 2, 2);
        await UntilAsync(() => Task.FromResult(MarkedProcess.Of(_name).Count(static process => CommandOf(process) == "sleep 100 ") >= 3));
        Assert.All([1, 2, 3], number => Assert.Equal(["began"], LinesAsync(number).GetAwaiter().GetResult()));

        var nodes = await Provider.ListAsync(Ended);

        Assert.Equal("cpu-1 Running, cpu-2 Running, cpu-3 Running", States(nodes));
        Assert.All(nodes, static node => Assert.Equal((Environment.MachineName, null), (node.Host, node.Detail)));
        Assert.All([1, 2, 3], number => Assert.Single(MarkedProcess.Of(_name), process => process.Node.Number == number && CommandOf(process) == "sleep 100 "));
    }

    [Theory]
    [InlineData("exit 0", "cpu-1 Ended", "exit code 0")]
    [InlineData("echo one; echo no licence >&2; exit 3", "cpu-1 Failed", "exit code 3: no licence")]
    [InlineData("kill -9 $$", "cpu-1 Failed", "exit code 137")]
    public async Task An_end_is_told_with_its_code_and_the_last_line(string script, string state, string detail)
    {
        await LaunchAsync(script);
        await UntilAsync(async () => States(await Provider.ListAsync(Ended)) == state);

        var end = Assert.Single(await Provider.ListAsync(Ended)).Detail;
        Assert.StartsWith(detail, end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_a_node_ended_is_read_once_and_the_newest_hundred_are_kept()
    {
        var (nodes, logs) = (Directory.CreateDirectory(Path.Combine(_folder, "nodes")), Directory.CreateDirectory(Path.Combine(_folder, "logs")));
        var began = DateTime.UtcNow.AddHours(-1);
        for (var number = 1; number <= 150; number++)
        {
            await File.WriteAllTextAsync(Path.Combine(nodes.FullName, $"cpu-{number}.exit"), "3\n", Ended);

            // The higher the number, the longer it is over.
            File.SetLastWriteTimeUtc(Path.Combine(nodes.FullName, $"cpu-{number}.exit"), began.AddSeconds(-number));
            await File.WriteAllTextAsync(Path.Combine(logs.FullName, $"cpu-{number}.log"), $"{new string('x', 100_000)}\nno licence for {number}\n", Ended);
        }

        var provider = Provider;
        var listed = await provider.ListAsync(Ended);
        logs.Delete(recursive: true);
        var again = await provider.ListAsync(Ended);

        Assert.Equal(Enumerable.Range(1, 100), listed.Select(static node => node.Id.Number).Order());
        Assert.Equal(100, nodes.GetFiles("*.exit").Length);
        Assert.All(listed, static node => Assert.Equal((NodeState.Failed, $"exit code 3: no licence for {node.Id.Number}"), (node.State, node.Detail)));
        Assert.Equal(listed.Select(static node => (node.Id, node.Detail)), again.Select(static node => (node.Id, node.Detail)));
    }

    [Fact]
    public async Task A_node_that_has_ended_may_be_launched_again()
    {
        await LaunchAsync("exit 3");
        await UntilAsync(async () => States(await Provider.ListAsync(Ended)) == "cpu-1 Failed");
        await LaunchAsync("exec sleep 100");

        await UntilAsync(async () => States(await Provider.ListAsync(Ended)) == "cpu-1 Running");
    }

    [Fact]
    public async Task Nodes_that_are_ended_are_gone_with_all_that_they_have_started_and_others_stay()
    {
        await LaunchAsync("sleep 100 & exec sleep 100", 1, 2);
        await UntilAsync(() => Task.FromResult(MarkedProcess.Of(_name).Count(static process => CommandOf(process) == "sleep 100 ") == 4));

        await Provider.TerminateAsync([new NodeId("cpu", 1), new NodeId("cpu", 7)], Ended);

        Assert.Equal([2], MarkedProcess.Of(_name).Select(static process => process.Node.Number).Distinct());
        Assert.Equal("cpu-1 Failed, cpu-2 Running", States(await Provider.ListAsync(Ended)));
    }

    [Fact]
    public async Task A_node_that_does_not_listen_is_killed_after_a_while()
    {
        await LaunchAsync("trap '' TERM; echo deaf; while :; do sleep 1; done");
        await UntilAsync(async () => (await LinesAsync(1)).Count == 1);
        var began = Stopwatch.GetTimestamp();
        var patience = TimeSpan.FromMilliseconds(200);

        await Of(_name, patience).TerminateAsync([new NodeId("cpu", 1)], Ended);

        Assert.Empty(MarkedProcess.Of(_name));
        Assert.InRange(Stopwatch.GetElapsedTime(began), patience, TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Processes_that_cannot_even_be_killed_are_named_and_not_waited_for_for_ever()
    {
        await LaunchAsync("exec sleep 100", 1, 2);
        await UntilAsync(() => Task.FromResult(MarkedProcess.Of(_name).Count(static process => CommandOf(process) == "sleep 100 ") == 2));
        var provider = new LocalProvider(SettingsOf(_name)) { EndPatience = TimeSpan.FromMilliseconds(50), KillPatience = TimeSpan.FromMilliseconds(50), Send = static (_, _) => { } };

        var failure = await Assert.ThrowsAsync<ProviderException>(() => provider.TerminateAsync([new NodeId("cpu", 1)], Ended));

        var left = MarkedProcess.Of(_name).Where(static process => process.Node.Number == 1).Select(static process => process.ProcessId);
        Assert.Equal((FailureKind.Transient, $"processes could not be ended: {string.Join(' ', left)} of cpu-1"), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("sleep 100 & setsid sleep 100 &")]
    [InlineData("(trap '' TERM; exec sleep 100) & setsid sleep 100 &")]
    public async Task What_a_script_leaves_running_ends_with_it(string leaves)
    {
        await LaunchAsync($"{leaves}\necho no licence; exit 3");

        await UntilAsync(async () => States(await Provider.ListAsync(Ended)) == "cpu-1 Failed");
        Assert.Empty(MarkedProcess.Of(_name));
        Assert.Equal("exit code 3: no licence", Assert.Single(await Provider.ListAsync(Ended)).Detail);
    }

    [Fact]
    public async Task A_node_that_is_launched_again_at_once_is_not_taken_for_what_the_last_one_left()
    {
        await LaunchAsync("sleep 100 & exit 3");
        await UntilAsync(async () => States(await Provider.ListAsync(Ended)) == "cpu-1 Failed");
        await LaunchAsync("sleep 0.5; echo end");

        await UntilAsync(async () => States(await Provider.ListAsync(Ended)) is "cpu-1 Ended" or "cpu-1 Failed");
        Assert.Equal(["end"], await LinesAsync(1, 1));
    }

    [Fact]
    public async Task A_node_that_is_started_within_a_run_or_a_job_is_none_of_their_processes()
    {
        string[] marks = [RemoteScript.MarkVariable, JobMarks.Job, JobMarks.Supervisor];
        try
        {
            Array.ForEach(marks, static mark => Environment.SetEnvironmentVariable(mark, "somebody-elses"));
            await LaunchAsync("exec sleep 100");
        }
        finally
        {
            Array.ForEach(marks, static mark => Environment.SetEnvironmentVariable(mark, null));
        }

        await UntilAsync(() => Task.FromResult(MarkedProcess.Of(_name).Any(static process => CommandOf(process) == "sleep 100 ")));
        Assert.All(MarkedProcess.Of(_name), static process => Assert.DoesNotContain("somebody-elses", File.ReadAllText($"/proc/{process.ProcessId}/environ"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_lines_of_a_log_are_those_that_were_asked_for()
    {
        await LaunchAsync("echo one; echo two; printf three; exit 0");
        await UntilAsync(async () => States(await Provider.ListAsync(Ended)) == "cpu-1 Ended");

        Assert.Equal(["two", "three"], await LinesAsync(1, 2));
        Assert.Equal(["one", "two", "three"], await LinesAsync(1, 100));
        Assert.Empty(await LinesAsync(1, 0));
        Assert.Empty(await LinesAsync(2));
    }

    [Fact]
    public async Task What_a_script_holds_is_for_nobody_else_to_see()
    {
        await LaunchAsync("export S='s3cr3t-value'\nsleep 100\n");
        await UntilAsync(() => Task.FromResult(MarkedProcess.Of(_name).Any(static process => CommandOf(process) == "sleep 100 ")));

        var processes = MarkedProcess.Of(_name);
        Assert.All(processes, static process => Assert.DoesNotContain("s3cr3t-value", CommandOf(process)));
        var sleeping = processes.Single(static process => CommandOf(process) == "sleep 100 ");
        Assert.Contains("S=s3cr3t-value", (await File.ReadAllTextAsync($"/proc/{sleeping.ProcessId}/environ", Ended)).Split('\0'));
        var script = Path.Combine(_folder, "nodes", "cpu-1.sh");
        Assert.Equal(OnlyUs, Mode(script));
        Assert.Equal(OnlyUs | UnixFileMode.UserExecute, Mode(Path.GetDirectoryName(script)!));

        await Provider.TerminateAsync([new NodeId("cpu", 1)], Ended);

        Assert.False(File.Exists(script));
    }

    [Fact]
    public async Task A_script_of_any_length_runs_to_its_end_though_it_removes_the_folder_that_it_lies_in()
    {
        await LaunchAsync($"rm -rf '{_folder}/nodes'\n: {new string('x', 300_000)}\necho end\n");

        await UntilAsync(async () => await LinesAsync(1) is ["end", ..]);
    }

    [Fact]
    public async Task Another_cluster_whose_name_begins_the_same_is_another()
    {
        await LaunchAsync("exec sleep 100");
        await UntilAsync(() => Task.FromResult(MarkedProcess.Of(_name).Count > 0));

        Assert.Empty(MarkedProcess.Of(_name[..^1]));
        Assert.Empty(MarkedProcess.Of(_name + "0"));
        Assert.Empty(MarkedProcess.Of(_name[1..]));
    }

    [Fact]
    public async Task A_process_knows_its_node_and_is_not_counted_by_itself()
    {
        await LaunchAsync("echo $WEFT_CLUSTER $WEFT_NODE_TYPE $WEFT_NODE; exec sleep 100");
        await UntilAsync(async () => (await LinesAsync(1)).Count == 1);

        Assert.Equal([$"{_name} cpu cpu-1"], await LinesAsync(1));
        Assert.DoesNotContain(MarkedProcess.Of(_name), static process => process.ProcessId == Environment.ProcessId);
    }

    [Fact]
    public async Task A_process_that_is_just_becoming_another_program_is_not_overlooked()
    {
        var script = Path.Combine(_folder, "again.sh");
        await File.WriteAllTextAsync(script, "exec /bin/sh \"$0\"\n", Ended);
        await LaunchAsync($"exec /bin/sh {script}");
        await UntilAsync(() => Task.FromResult(MarkedProcess.Of(_name).Any(process => CommandOf(process) == $"/bin/sh {script} ")));

        for (var look = 0; look < 300; look++)
        {
            Assert.Equal(2, MarkedProcess.Of(_name).Count);
        }
    }

    private static string CommandOf(MarkedProcess process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.ProcessId}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static string States(IEnumerable<ClusterNode> nodes) => string.Join(", ", nodes.Select(static node => $"{node.Id} {node.State}"));

    private ClusterSettings SettingsOf(string cluster) => new() { ClusterName = cluster, Provider = Settings.None, Folder = _folder };

    private LocalProvider Of(string cluster, TimeSpan patience) => new(SettingsOf(cluster)) { EndPatience = patience };

    private Task<IReadOnlyList<string>> LinesAsync(int number, int lines = 10) => Provider.ReadLogAsync(new NodeId("cpu", number), lines, Ended);

    private async Task LaunchAsync(string script, int first = 1, int count = 1) => Assert.Empty(await Provider.LaunchAsync(
        new LaunchRequest { Type = "cpu", First = first, Count = count, Script = script, Capacity = new NodeCapacity { Slots = 1 }, NodeSettings = Settings.None }, Ended));

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        while (!await isTrue())
        {
            await Task.Delay(5, Ended);
        }
    }
}
