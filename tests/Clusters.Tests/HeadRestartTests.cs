using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Autoscaler.Core;
using Weft.Launcher;
using Weft.Protocol;

namespace Weft.Clusters.Tests;

/// <summary>What the head keeps alive, killed without a word or asked to end by somebody else.</summary>
public sealed class HeadRestartTests
{
    private const int Tasks = 2000;
    private const int Sigterm = 15;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_scheduler_and_a_killed_autoscaler_come_back_and_the_run_goes_on_with_the_same_workers()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 2, maximum: 3);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        (await cluster.WeftAsync("scale", "2")).Succeeded();
        await using (var client = await (await cluster.ReachAsync()).ConnectAsync())
        {
            var workers = await WorkersAsync(client);
            var run = client.Map(static index => Work(index), Enumerable.Range(0, Tasks));

            var scheduler = await ReplacedAsync(cluster, "scheduler", RealProcesses.Sigkill);
            await RealProcesses.Until("both workers are back", async () => await WorkersAsync(client) == workers);
            await ReplacedAsync(cluster, "autoscale", RealProcesses.Sigkill);

            Assert.Equal(Enumerable.Range(0, Tasks).Select(static index => index * 3L), await client.GatherAsync(run));
            Assert.Equal(workers, await WorkersAsync(client));
            Assert.Equal(scheduler, ProcessOf(cluster, "scheduler"));

            // The next autoscaler takes orders, and knows the one that was given before.
            await RealProcesses.Until("the next autoscaler is heard", async () => (await cluster.WeftAsync("scale", "3")).ExitCode == 0);
            await RealProcesses.Until("there are three workers", async () => (await client.GetInfoAsync(Ended)).Workers.Count == 3);
            Assert.Equal(workers.Split(' '), (await WorkersAsync(client)).Split(' ').Take(2));
        }

        Assert.Contains("none is left", (await cluster.WeftAsync("down", "--yes")).Succeeded().Output);
        Assert.Empty(cluster.Processes());
    }

    [Theory]
    [InlineData("autoscale")]
    [InlineData("scheduler")]
    public async Task What_is_asked_to_end_alone_comes_back_and_the_cluster_is_not_over(string command)
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        await using (var client = await (await cluster.ReachAsync()).ConnectAsync())
        {
            var held = client.Submit(static () => Work(14));
            Assert.Equal(42, await held);
            (await cluster.WeftAsync("submit", "-d", "--name", "sleeper", "/bin/sleep", "1000")).Succeeded();

            await ReplacedAsync(cluster, command, Sigterm);

            await RealProcesses.Until("the worker is back", async () => (await WorkersAsync(client)).Length > 0);
            Assert.Equal(42, await held);
            Assert.StartsWith("sleeper  running\n", (await WeftRun.OfAsync(cluster.Command(["job", "status", cluster.File, "sleeper"]))).Output, StringComparison.Ordinal);
        }

        Assert.Contains("none is left", (await cluster.WeftAsync("down", "--yes")).Succeeded().Output);
        Assert.Empty(cluster.Processes());
    }

    [Fact]
    public async Task An_autoscaler_that_cannot_read_its_file_any_more_costs_neither_the_scheduler_nor_the_nodes()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 2);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        var (scheduler, worker) = (ProcessOf(cluster, "scheduler"), cluster.Processes("worker-1").ToArray());
        var file = Path.Combine(cluster.ClusterFolder, "cluster.yaml");
        var readable = await File.ReadAllTextAsync(file, Ended);
        await Task.Delay(RestartPolicy.Default.ImmediateBelow, Ended);

        await File.WriteAllTextAsync(file, $"{readable}\nof_another_version: true\n", Ended);
        RealProcesses.Kill(ProcessOf(cluster, "autoscale"));
        await RealProcesses.Until("it was tried in vain", async () => (await cluster.WeftAsync("logs", "head-1")).Output.Contains($"the autoscaler ended with exit code {ExitCodes.Usage}; another is started.", StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, readable, Ended);

        await RealProcesses.Until("the next autoscaler is heard", async () => (await cluster.WeftAsync("scale", "1")).ExitCode == 0);
        Assert.Equal(scheduler, ProcessOf(cluster, "scheduler"));
        Assert.Equal(worker, cluster.Processes("worker-1"));
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cluster_whose_head_was_killed_comes_back_though_somebody_else_has_one_of_its_ports_and_keeps_the_other(bool isStatusPortTaken)
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        var before = Read();
        using var reserved = new ReservedPorts(before.Address.Port, before.StatusPort!.Value);
        var head = cluster.Processes("head-1").ToArray();
        RealProcesses.Kill(head.Single(static process => WordsOf(process).Skip(1).Take(2).Contains("head")));
        await RealProcesses.AreGone(head);
        using var other = new TcpListener(IPAddress.Loopback, isStatusPortTaken ? before.StatusPort.Value : before.Address.Port);
        other.Start();

        (await cluster.WeftAsync("up", "--wait")).Succeeded();

        var after = Read();
        Assert.Equal((!isStatusPortTaken, isStatusPortTaken), (after.StatusPort == before.StatusPort, after.Address.Port == before.Address.Port));
        await using (var client = await (await cluster.ReachAsync()).ConnectAsync())
        {
            Assert.Equal(42, await client.Submit(static () => Work(14)));
        }

        Assert.Contains("none is left", (await cluster.WeftAsync("down", "--yes")).Succeeded().Output);
        Assert.Empty(cluster.Processes());

        SchedulerFile Read() => SchedulerFileReader.Read(Path.Combine(cluster.ClusterFolder, "scheduler.json")).File!;
    }

    [Fact]
    public void Without_a_program_on_the_nodes_they_get_this_one_with_all_that_is_beside_it()
    {
        var configuration = ClusterFile.Parse("cluster_name: demo\nprovider: {type: local}\navailable_node_types:\n  cpu: {resources: {CPU: 1} }\n", "c.yaml").Configuration!;
        var request = new LaunchRequests(configuration with { SchedulerFile = "/f/scheduler.json" }, new ClusterFolder("/f"), Launcher.WeftProgram.Path).Of(new LaunchNodes("cpu", 1, 1, IsSpot: false));

        Assert.Equal(Path.GetFullPath(RealProcesses.ProgramFolder), request.Files[0].Source);
        Assert.Equal(HomePath.ToPortable(request.Files[0].Source), request.Files[0].Target);
        Assert.Contains($"exec {ShellText.QuotePath(HomePath.ToPortable(Path.Combine(RealProcesses.ProgramFolder, "weft")))} worker ", request.Script, StringComparison.Ordinal);
    }

    private static async Task<int> ReplacedAsync(ClusterUnderTest cluster, string command, int signal)
    {
        var before = ProcessOf(cluster, command);
        Assert.NotEqual(0, before);
        RealProcesses.Signal(before, signal);
        var after = 0;
        await RealProcesses.Until($"another 'weft {command}' runs", () => Task.FromResult((after = ProcessOf(cluster, command)) != 0 && after != before));
        return after;
    }

    /// <summary>The head's child that runs this command; zero: none does.</summary>
    private static int ProcessOf(ClusterUnderTest cluster, string command) =>
        cluster.Processes("head-1").FirstOrDefault(process => WordsOf(process).Skip(1).Take(2).Contains(command) && WordsOf(process).Contains("--child-of"));

    private static string[] WordsOf(int process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/cmdline")).Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static async Task<string> WorkersAsync(WeftClient client)
    {
        try
        {
            return string.Join(' ', (await client.GetInfoAsync(Ended)).Workers.Select(static worker => $"{worker.Name}:{worker.ProcessId}").Order(StringComparer.Ordinal));
        }
        catch (SchedulerLostException)
        {
            return "";
        }
    }

    private static long Work(int index)
    {
        Thread.Sleep(4);
        return index * 3L;
    }
}
