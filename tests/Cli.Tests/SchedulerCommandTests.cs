using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Weft.Protocol;

namespace Weft.Cli.Tests;

public sealed class SchedulerCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-scheduler-").FullName;

    private string FilePath => Path.Combine(_folder, "scheduler.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_scheduler_announces_itself_answers_and_ends_when_asked()
    {
        using var scheduler = WeftRun.Start("scheduler", "--scheduler-file", FilePath, "--host", "127.0.0.1", "--port", "0", "--status-port", "0");
        var line = await scheduler.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var file = SchedulerFileReader.Read(FilePath).File!;
        Assert.Contains($"{file.Address}", line);
        Assert.Contains($"http://127.0.0.1:{file.StatusPort}/", line);
        Assert.DoesNotContain(file.Token, line);

        var status = await WeftRun.OfAsync("status", "--json", "--scheduler-file", FilePath);
        Assert.Equal(Ok, status.ExitCode);
        Assert.Empty(status.ErrorLines);
        using var json = JsonDocument.Parse(status.Output);
        Assert.Equal(file.Address.ToString(), json.RootElement.GetProperty("address").GetString());
        Assert.Equal($"http://127.0.0.1:{file.StatusPort}/status", json.RootElement.GetProperty("status_url").GetString());
        Assert.Equal(0, json.RootElement.GetProperty("workers").GetArrayLength());
        Assert.Equal(0, json.RootElement.GetProperty("tasks").GetProperty("waiting").GetInt32());

        Terminate(scheduler);
        var end = await WeftRun.OfAsync(scheduler);
        Assert.Equal(Ok, end.ExitCode);
        Assert.Empty(end.ErrorLines);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public async Task A_scheduler_that_listens_on_all_addresses_says_one_that_others_can_connect_to()
    {
        using var scheduler = WeftRun.Start("scheduler", "--scheduler-file", FilePath, "--host", "0.0.0.0", "--port", "0", "--status-port", "0");
        await scheduler.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var address = SchedulerFileReader.Read(FilePath).File!.Address;
        Assert.NotEqual(IPAddress.Any, IPAddress.Parse(address.Host));

        var status = await WeftRun.OfAsync("status", "--scheduler-file", FilePath);
        Assert.Equal(Ok, status.ExitCode);
        Terminate(scheduler);
        Assert.Equal(Ok, (await WeftRun.OfAsync(scheduler)).ExitCode);
    }

    [Fact]
    public async Task Another_token_another_certificate_and_a_scheduler_that_is_gone_are_told_apart()
    {
        using var scheduler = WeftRun.Start("scheduler", "--scheduler-file", FilePath, "--port", "0", "--status-port", "0");
        await scheduler.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var file = SchedulerFileReader.Read(FilePath).File!;
        Assert.True(file.Address.IsTls);
        var copy = Path.Combine(_folder, "copy.json");

        SchedulerFileWriter.Write(copy, file with { Token = "another" });
        await Refused(5, "refuses the token", "status", "--scheduler-file", copy);
        await Refused(5, "refuses the token", "worker", "--scheduler-file", copy);

        SchedulerFileWriter.Write(copy, file with { CertificateSha256 = new string('0', 64) });
        await Refused(5, "another certificate", "status", "--scheduler-file", copy);

        SchedulerFileWriter.Write(copy, file);
        Terminate(scheduler);
        await WeftRun.OfAsync(scheduler);
        await Refused(3, "no scheduler answers", "status", "--scheduler-file", copy);
    }

    [Fact]
    public async Task A_restart_is_the_same_cluster_and_a_start_without_a_journal_another()
    {
        var first = await StartAndStopAsync();
        var second = await StartAndStopAsync();
        Assert.Equal((first.Token, first.CertificateSha256), (second.Token, second.CertificateSha256));
        Assert.True(first.Address.IsTls);

        var imported = await StartAndStopAsync("--journal", "off", "--identity", Path.Combine(FilePath + ".journal", "identity"));
        Assert.Equal((first.Token, first.CertificateSha256), (imported.Token, imported.CertificateSha256));

        var other = await StartAndStopAsync("--journal", "off");
        Assert.NotEqual(first.Token, other.Token);
        Assert.NotEqual(first.CertificateSha256, other.CertificateSha256);
    }

    [Theory]
    [InlineData("--journal")]
    [InlineData("--identity")]
    public async Task A_folder_that_cannot_be_had_is_named(string option)
    {
        var path = Path.Combine(_folder, "taken");
        File.WriteAllText(path, "a file");
        await Refused(2, $"{option}: '{path}' cannot be used", "scheduler", "--scheduler-file", FilePath, "--host", "127.0.0.1", option, path);
        Assert.False(File.Exists(FilePath));
    }

    [Theory]
    [InlineData("--port", "--status-port")]
    [InlineData("--status-port", "--port")]
    public async Task A_port_that_is_asked_for_and_taken_is_named(string option, string other)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await Refused(4, $"{option}: 127.0.0.1:{port} is taken", "scheduler", "--scheduler-file", FilePath, "--host", "127.0.0.1", option, port, other, "0");
        Assert.False(File.Exists(FilePath));
    }

    [Theory]
    [InlineData]
    [InlineData("--port", "0", "--status-port", "0")]
    public async Task The_ports_of_a_killed_scheduler_are_taken_again_as_far_as_they_are_free(params string[] ports)
    {
        using var killed = WeftRun.Start(["scheduler", "--scheduler-file", FilePath, "--host", "127.0.0.1", "--port", "0", "--status-port", "0"]);
        await killed.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var before = SchedulerFileReader.Read(FilePath).File!;
        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var other = new TcpListener(IPAddress.Loopback, before.StatusPort!.Value);
        other.Start();

        using var scheduler = WeftRun.Start(["scheduler", "--scheduler-file", FilePath, "--host", "127.0.0.1", .. ports]);
        await scheduler.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var after = SchedulerFileReader.Read(FilePath).File!;
        Terminate(scheduler);
        var end = await WeftRun.OfAsync(scheduler);

        Assert.Equal(before.Address, after.Address);
        Assert.NotEqual(before.StatusPort, after.StatusPort);
        Assert.Contains(end.ErrorLines, line => line.Contains($"port {before.StatusPort} is taken, another one is used (--status-port chooses).", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Schedulers_that_start_at_a_time_and_ask_for_no_port_all_find_one()
    {
        var schedulers = Enumerable.Range(0, 5).Select(index => WeftRun.Start("scheduler", "--scheduler-file", $"{FilePath}{index}", "--host", "127.0.0.1")).ToList();
        var lines = await Task.WhenAll(schedulers.Select(static scheduler => scheduler.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask()));

        schedulers.ForEach(Terminate);
        var ends = await Task.WhenAll(schedulers.Select(static scheduler => WeftRun.OfAsync(scheduler)));

        Assert.All(ends, static run => Assert.True(run.ExitCode == Ok, string.Join('\n', run.ErrorLines)));
        Assert.All(lines, static line => Assert.StartsWith("Scheduler at ", line));
        Assert.Equal(5, lines.Distinct().Count());
    }

    [Fact]
    public async Task An_address_of_another_host_cannot_be_listened_on() =>
        await Refused(4, "cannot listen at 203.0.113.7:0", "scheduler", "--scheduler-file", FilePath, "--host", "203.0.113.7", "--port", "0");

    [Fact]
    public async Task A_scheduler_with_nothing_to_do_ends_after_its_idle_timeout()
    {
        var run = await WeftRun.OfAsync("scheduler", "--scheduler-file", FilePath, "--host", "127.0.0.1", "--port", "0", "--status-port", "0", "--idle-timeout", "200ms");

        Assert.Equal(Ok, run.ExitCode);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public async Task Help_and_version_are_answered_on_the_output()
    {
        foreach (var arguments in new string[][] { ["--help"], ["--version"], ["scheduler", "--help"], ["worker", "-h"], ["status", "--help"] })
        {
            var run = await WeftRun.OfAsync(arguments);
            Assert.Equal(Ok, run.ExitCode);
            Assert.NotEmpty(run.Output);
            Assert.Empty(run.ErrorLines);
        }
    }

    private const int Ok = Launcher.ExitCodes.Ok;

    private async Task<SchedulerFile> StartAndStopAsync(params string[] options)
    {
        using var scheduler = WeftRun.Start(["scheduler", "--scheduler-file", FilePath, "--port", "0", "--status-port", "0", .. options]);
        await scheduler.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var file = SchedulerFileReader.Read(FilePath).File!;
        Terminate(scheduler);
        Assert.Empty((await WeftRun.OfAsync(scheduler)).ErrorLines);
        return file;
    }

    private static async Task Refused(int exitCode, string words, params string[] arguments)
    {
        var run = await WeftRun.OfAsync(arguments);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains(words, line);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Empty(run.Output);
    }

    private static void Terminate(Process process)
    {
        using var kill = Process.Start("/bin/kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
