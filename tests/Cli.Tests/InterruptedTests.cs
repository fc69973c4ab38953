using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Cli.Tests;

/// <summary>What the world does to a command is no stack trace either.</summary>
public sealed class InterruptedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_command_that_is_interrupted_while_it_connects_ends_with_130_and_no_word()
    {
        // It takes connections, and never answers.
        using var scheduler = new TcpListener(IPAddress.Loopback, 0);
        scheduler.Start();
        var process = WeftRun.Start("dashboard", Cluster(((IPEndPoint)scheduler.LocalEndpoint).Port));
        using var connected = await scheduler.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        using var interrupt = Process.Start("/bin/kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        var run = await WeftRun.OfAsync(process);

        Assert.Empty(run.ErrorLines);
        Assert.Equal(130, run.ExitCode);
    }

    [Fact]
    public async Task A_disk_that_is_full_is_one_line()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no disk here that is always full.");
        var info = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" job list --json \"$1\" > /dev/full", WeftRun.Program, Cluster(1)]) { RedirectStandardOutput = true, RedirectStandardError = true };

        var run = await WeftRun.OfAsync(Process.Start(info)!);

        Assert.StartsWith("weft: No space left on device", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    private string Cluster(int port)
    {
        var (cluster, scheduler) = (Path.Combine(_folder, "cluster.yaml"), Path.Combine(_folder, "scheduler.json"));
        File.WriteAllText(scheduler, string.Create(CultureInfo.InvariantCulture, $$"""{"type": "Scheduler", "id": "Scheduler-1", "address": "tcp://127.0.0.1:{{port}}", "token": "t"}"""));
        File.WriteAllText(cluster, $"cluster_name: {Path.GetFileName(_folder)}\nprovider: {{type: local}}\nmax_workers: 1\nscheduler_file: {scheduler}\n");
        return cluster;
    }
}
