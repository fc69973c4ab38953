using Weft.Provisioning;

namespace Weft.Launcher.Tests;

/// <summary>A submission that is given up while the head starts the job.</summary>
public sealed class ClusterJobsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-submit-").FullName;
    private readonly CancellationTokenSource _ending = new();
    private readonly FakeHead _head = new();

    public void Dispose()
    {
        _ending.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_fails_then_leaves_no_job(bool isConnectionLost)
    {
        _head.Start = () =>
        {
            _ending.Cancel();
            return isConnectionLost ? throw new ProviderException(FailureKind.Transient, "the connection broke") : new CommandResult(130, "", "");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(SubmitAsync);

        Assert.Equal(1, _head.Stops);
    }

    [Fact]
    public async Task One_that_may_be_left_is_named()
    {
        _head.Start = () =>
        {
            _ending.Cancel();
            return new CommandResult(130, "", "");
        };
        _head.Stop = static () => throw new ProviderException(FailureKind.Transient, "head: the connection broke");

        var failed = await Assert.ThrowsAsync<LaunchException>(SubmitAsync);

        Assert.Equal((ExitCodes.NotReachable, "job a may run: head: the connection broke"), (failed.ExitCode, failed.Message));
    }

    [Fact]
    public async Task Another_job_of_its_name_goes_on()
    {
        _head.Start = () =>
        {
            _ending.Cancel();
            return new CommandResult(JobScripts.Exists, "", "");
        };

        var refused = await Assert.ThrowsAsync<LaunchException>(SubmitAsync);

        Assert.Equal((ExitCodes.Usage, "there is a job a already."), (refused.ExitCode, refused.Message));
        Assert.Equal(0, _head.Stops);
    }

    [Fact]
    public async Task A_start_that_fails_by_itself_is_told()
    {
        _head.Start = static () => new CommandResult(1, "", "it does not start");

        var failed = await Assert.ThrowsAsync<LaunchException>(SubmitAsync);

        Assert.Equal((ExitCodes.Failure, "job a could not be started on head: it does not start"), (failed.ExitCode, failed.Message));
        Assert.Equal(0, _head.Stops);
    }

    private async Task SubmitAsync()
    {
        var file = Path.Combine(_folder, "cluster.yaml");
        await File.WriteAllTextAsync(file, "cluster_name: demo\nprovider: {type: local}\nmax_workers: 1\nweft_program: weft\n", TestContext.Current.CancellationToken);
        await using var site = ClusterSite.Open(file, _head, static _ => { });
        using var program = new JobProgram("/bin/true", ["program/true"]);
        await new ClusterJobs(site).SubmitAsync(program, new JobRequest { Id = "a" }, _ending.Token);
    }

    /// <summary>Starts and ends jobs as the test says, and else does nothing.</summary>
    private sealed class FakeHead : IHeadHost
    {
        public Func<CommandResult> Start { get; set; } = static () => default;

        public Func<CommandResult> Stop { get; set; } = static () => new CommandResult(0, "", "");

        /// <summary>How often the job was to be ended.</summary>
        public int Stops { get; private set; }

        public string Name => "head";

        public bool IsThisMachine => false;

        public Task<CommandResult> RunAsync(string script, string? input, CancellationToken cancellation)
        {
            if (script.Contains("job-run", StringComparison.Ordinal))
            {
                return Task.Run(Start, CancellationToken.None);
            }

            if (script.Contains("id=a grace=", StringComparison.Ordinal))
            {
                Stops++;
                return Task.Run(Stop, CancellationToken.None);
            }

            return Task.FromResult(new CommandResult(0, "/home/x", ""));
        }

        public Task CopyToAsync(NodeFile file, CancellationToken cancellation) => Task.CompletedTask;

        public Task<RunningScript> StartAsync(string script, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<int> RunHereAsync(string? script, bool withTerminal, CancellationToken cancellation) => throw new NotSupportedException();

        public Task CopyFromAsync(NodeFile file, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<PortForward> ForwardAsync(string host, int port, int localPort, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
