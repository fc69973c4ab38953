using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weft.Provisioning;

namespace Weft.Launcher.Tests;

/// <summary>Jobs that are real shells, on a disk that takes nothing more, or on a machine that starts no more processes.</summary>
public sealed class JobSupervisorTests : IDisposable
{
    /// <summary>A folder where drafts of the record go; not in the midst of one.</summary>
    private const string Block = "until mkdir job.json.new 2> /dev/null; do :; done";

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-supervisor-").FullName;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Block)]
    [InlineData(Block + "; rm job.json")]
    public async Task A_cluster_is_told_to_end_after_a_job_whose_end_cannot_be_written_down(string program)
    {
        using var scheduler = new TcpListener(IPAddress.Loopback, 0);
        scheduler.Start();
        Write(program, ((IPEndPoint)scheduler.LocalEndpoint).Port);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ended);

        var run = new JobSupervisor(_folder, static _ => throw new IOException("No space left on device")).RunAsync(stop.Token);

        var asked = scheduler.AcceptTcpClientAsync(Ended).AsTask();
        Assert.Same(asked, await Task.WhenAny(asked, run));
        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Failure, await run);
        (await asked).Dispose();
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_said()
    {
        Write(Block, port: null);
        var lines = new List<string>();

        Assert.Equal(ExitCodes.Ok, await new JobSupervisor(_folder, lines.Add).RunAsync(Ended));

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.StartsWith($"how the job is could not be written to {_folder}/job.json: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_whose_leavings_cannot_be_swept_is_written_down_and_its_cluster_is_told_to_end()
    {
        using var scheduler = new TcpListener(IPAddress.Loopback, 0);
        scheduler.Start();
        Write("exit 7", ((IPEndPoint)scheduler.LocalEndpoint).Port);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        var lines = new List<string>();

        var run = new JobSupervisor(_folder, lines.Add, NoProcess).RunAsync(stop.Token);

        var asked = scheduler.AcceptTcpClientAsync(Ended).AsTask();
        Assert.Same(asked, await Task.WhenAny(asked, run));
        Assert.Equal((7, false), (Record().ExitCode, Record().WasStopped));
        Assert.Equal(["not all that it started could be ended: no more processes"], lines);
        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Failure, await run);
        (await asked).Dispose();
    }

    [Fact]
    public async Task A_program_that_the_sweep_does_not_end_is_ended_all_the_same_when_it_is_to_stop()
    {
        Write("trap 'exit 5' TERM; : > begun; while :; do sleep 0.05; done", port: null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        var run = new JobSupervisor(_folder, static _ => { }, NoProcess).RunAsync(stop.Token);
        while (!File.Exists(Path.Combine(_folder, "begun")))
        {
            await Task.Delay(20, Ended);
        }

        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Ok, await run.WaitAsync(TimeSpan.FromSeconds(60), Ended));
        Assert.Equal((5, true), (Record().ExitCode, Record().WasStopped));
    }

    [Fact]
    public async Task How_a_job_is_is_written_for_its_user_alone()
    {
        Write("exit 0", port: null);

        Assert.Equal(ExitCodes.Ok, await new JobSupervisor(_folder, static _ => { }).RunAsync(Ended));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(Path.Combine(_folder, JobFiles.Record)).UnixFileMode);
    }

    [Fact]
    public async Task A_job_that_has_begun_is_not_begun_again()
    {
        Write("echo once >> runs", port: null);
        Assert.Equal(ExitCodes.Ok, await new JobSupervisor(_folder, static _ => { }).RunAsync(Ended));

        var refused = await Assert.ThrowsAsync<LaunchException>(() => new JobSupervisor(_folder, static _ => { }).RunAsync(Ended));

        Assert.Equal((ExitCodes.Usage, "job a has begun already."), (refused.ExitCode, refused.Message));
        Assert.Equal("once\n", await File.ReadAllTextAsync(Path.Combine(_folder, "runs"), Ended));
    }

    /// <summary>What a shell that the kernel does not start looks like.</summary>
    private static Task<CommandResult> NoProcess(string script) => Task.FromException<CommandResult>(new ProviderException(FailureKind.Permanent, "no more processes"));

    private JobRecord Record() => JobRecord.Parse(File.ReadAllText(Path.Combine(_folder, JobFiles.Record)))!;

    /// <param name="program">For the shell.</param>
    /// <param name="port">Of the cluster that is to end; null: none is.</param>
    private void Write(string program, int? port)
    {
        var file = Path.Combine(_folder, "scheduler.json");
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$"""{"type": "Scheduler", "id": "Scheduler-1", "address": "tcp://127.0.0.1:{{port ?? 1}}", "token": "t"}"""));
        var record = new JobRecord
        {
            Id = "a",
            Cluster = Path.GetFileName(_folder),
            SchedulerFile = file,
            Command = ["/bin/sh", "-c", program],
            Submitted = DateTimeOffset.UnixEpoch,
            EndsCluster = port is not null,
        };
        File.WriteAllText(Path.Combine(_folder, JobFiles.Record), record.ToJson());
    }
}
