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
    public async Task A_copy_that_is_interrupted_ends_with_the_program_that_copies()
    {
        var (rsync, copies) = (Path.Combine(_folder, "rsync"), Path.Combine(_folder, "copies"));
        await File.WriteAllTextAsync(rsync, $"#!/bin/sh\necho $$ > {copies}.new; mv {copies}.new {copies}; exec sleep 1000\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(rsync, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var info = new ProcessStartInfo(WeftRun.Program, ["cp", Cluster(1), rsync, $"head:{_folder}/copy"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        var process = Process.Start(info)!;
        while (!File.Exists(copies))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        using var interrupt = Process.Start("/bin/kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        var run = await WeftRun.OfAsync(process);

        Assert.Equal((130, ""), (run.ExitCode, string.Join('\n', run.ErrorLines)));
        var copying = $"/proc/{(await File.ReadAllTextAsync(copies, TestContext.Current.CancellationToken)).Trim()}/cmdline";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (File.Exists(copying) && (await File.ReadAllTextAsync(copying, patience.Token)).Length > 0)
        {
            await Task.Delay(20, patience.Token);
        }
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
