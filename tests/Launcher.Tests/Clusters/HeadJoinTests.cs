using System.Net;
using Weft.Grpc;
using Weft.Grpc.Server;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests;

/// <summary>A cluster that is there is joined when it stays, over a head's host that is out of reach for a moment.</summary>
public sealed class HeadJoinTests : IAsyncLifetime
{
    private const string Ends = "cluster join is ending; it is started anew when it has.";
    private const string IsSilent = "cluster join is there; waiting for its autoscaler.";

    private static readonly V1.ClusterInfo Unreported = new();
    private static readonly V1.ClusterInfo Ending = new() { Nodes = new V1.NodesReport { Ending = true } };
    private static readonly V1.ClusterInfo Staying = new() { Nodes = new V1.NodesReport() };

    private readonly string _root = Directory.CreateTempSubdirectory("weft-join-").FullName;
    private readonly List<string> _said = [];
    private readonly TaskCompletionSource _hasSpoken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeHead _head = new();
    private readonly List<GrpcServer> _schedulers = [];

    /// <summary>What the scheduler says; null: it cannot be asked. The last is said again and again.</summary>
    private readonly Queue<V1.ClusterInfo?> _answers = [];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    private string SchedulerFile => Path.Combine(_root, "scheduler.json");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var scheduler in _schedulers)
        {
            await scheduler.DisposeAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_cluster_that_stays_is_joined_at_once()
    {
        await StartSchedulerAsync(Staying);

        await using var reach = await JoinAsync("upper", TimeProvider.System);

        Assert.NotNull(reach);
        Assert.Empty(_said);
    }

    [Fact]
    public async Task A_scheduler_that_has_heard_nothing_of_the_nodes_may_be_of_a_cluster_that_is_ending()
    {
        await StartSchedulerAsync(Unreported, Unreported, Unreported, Ending, Ending, Staying);

        await using var reach = await JoinAsync("upper", new LeapingTime());

        Assert.NotNull(reach);
        Assert.Equal([IsSilent, Ends], _said);
        Assert.Single(_answers);
    }

    [Fact]
    public async Task A_head_that_waits_for_its_scheduler_may_be_of_a_cluster_that_is_ending()
    {
        var joining = JoinAsync("top", new LeapingTime());
        await _hasSpoken.Task.WaitAsync(Ended);
        await StartSchedulerAsync(Unreported, Unreported, Unreported, Ending, Ending, Staying);

        await using var reach = await joining;

        Assert.NotNull(reach);
        Assert.Equal(["a head is there (box 1); waiting for its scheduler.", IsSilent, Ends], _said);
        Assert.Single(_answers);
    }

    [Fact]
    public async Task A_cluster_that_is_known_to_be_ending_is_so_until_its_autoscaler_says_otherwise()
    {
        await StartSchedulerAsync([Ending, Ending, .. Enumerable.Repeat(Unreported, 200), Ending, Staying]);

        await using var reach = await JoinAsync("upper", new LeapingTime());

        Assert.NotNull(reach);
        Assert.Equal([Ends], _said);
        Assert.Single(_answers);
    }

    [Fact]
    public async Task A_cluster_whose_autoscaler_says_nothing_for_a_minute_is_joined_without()
    {
        await StartSchedulerAsync(Unreported);
        var time = new LeapingTime();

        await using var reach = await JoinAsync("upper", time);

        Assert.NotNull(reach);
        Assert.Equal([IsSilent], _said);
        Assert.InRange(time.Elapsed, HeadJoin.ReportPatience, HeadJoin.ReportPatience + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_cluster_that_is_ending_and_does_not_end_is_told_of()
    {
        await StartSchedulerAsync(Ending);

        var failure = await Assert.ThrowsAsync<LaunchException>(() => JoinAsync("upper", new LeapingTime()));

        Assert.StartsWith("cluster join is ending, and is not gone after 35 minutes", failure.Message, StringComparison.Ordinal);
        Assert.Equal(_head.Opened, _head.Closed);
    }

    [Fact]
    public async Task While_it_ends_it_is_asked_by_one_way_and_a_way_or_a_host_that_fails_is_tried_again()
    {
        await StartSchedulerAsync([.. Enumerable.Repeat(Ending, 20), null, .. Enumerable.Repeat(Ending, 20), Staying]);
        _head.Failures[1] = _head.Failures[2] = new ProviderException(FailureKind.Transient, "no route");

        await using var reach = await JoinAsync("top", new LeapingTime());

        Assert.NotNull(reach);
        Assert.Equal([Ends], _said);
        Assert.Equal((2, 1), (_head.Opened, _head.Closed));
        Assert.True(_head.Runs > 3, "The host was asked again after it had failed.");
    }

    [Fact]
    public async Task When_its_head_has_ended_there_is_none_to_join()
    {
        var scheduler = await StartSchedulerAsync(Ending);
        var joining = JoinAsync("upper", TimeProvider.System);
        await _hasSpoken.Task.WaitAsync(Ended);
        await scheduler.DisposeAsync();
        File.Delete(SchedulerFile);

        Assert.Null(await joining);
        Assert.Equal(_head.Opened, _head.Closed);
    }

    private async Task<SchedulerReach?> JoinAsync(string shelf, TimeProvider time)
    {
        var file = Path.Combine(_root, "cluster.yaml");
        await File.WriteAllTextAsync(file, $"cluster_name: join\nprovider: {{type: external, module: ExternalProvider, shelf: {shelf}}}\nhead: {{run_as: job}}\nscheduler_file: {SchedulerFile}\n", Ended);
        await using var site = ClusterSite.Open(file, _head, Say);
        var head = new HeadLaunch(site);
        return await new HeadJoin(site, head, new RunningHead(site, head, Say), time, Say).RunAsync(Ended);
    }

    private async Task<GrpcServer> StartSchedulerAsync(params V1.ClusterInfo?[] answers)
    {
        foreach (var answer in answers)
        {
            _answers.Enqueue(answer);
        }

        var control = ServerServiceDefinition.CreateBuilder().AddMethod(WeftServices.ControlGetInfo, (V1.InfoRequest _, ServerCallContext _) => Task.FromResult(Answer())).Build();
        var server = await GrpcServer.StartAsync(new GrpcServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Services = [control] });
        _schedulers.Add(server);
        SchedulerFileWriter.Write(SchedulerFile, new SchedulerFile(
            Protocol.SchedulerFile.NewId(), new ClusterAddress(false, "127.0.0.1", server.Endpoints[0].Port), null, DateTimeOffset.UnixEpoch, "secret", "", 1));
        return server;
    }

    private void Say(string line)
    {
        _said.Add(line);
        _hasSpoken.TrySetResult();
    }

    private V1.ClusterInfo Answer()
    {
        var answer = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
        return answer is null ? throw new RpcException(new Status(StatusCode.Unavailable, "as the test says")) : new V1.ClusterInfo(answer) { ProtocolMajor = Limits.ProtocolMajor };
    }

    /// <summary>Another machine with this one's files, to whose ports a way has to be opened.</summary>
    private sealed class FakeHead : IHeadHost
    {
        private readonly LocalHeadHost _here = new();

        public int Runs { get; private set; }

        public int Opened { get; private set; }

        public int Closed { get; private set; }

        /// <summary>What is thrown instead of a run, by how many there were before.</summary>
        public Dictionary<int, ProviderException> Failures { get; } = [];

        public string Name => "head";

        public bool IsThisMachine => false;

        public Task<CommandResult> RunAsync(string script, string? input, CancellationToken cancellation) =>
            Failures.TryGetValue(Runs++, out var failure) ? Task.FromException<CommandResult>(failure) : _here.RunAsync(script, input, cancellation);

        public Task<PortForward> ForwardAsync(string host, int port, int localPort, CancellationToken cancellation)
        {
            Opened++;
            return Task.FromResult(new PortForward(new IPEndPoint(IPAddress.Loopback, port), () =>
            {
                Closed++;
                return ValueTask.CompletedTask;
            }));
        }

        public Task<RunningScript> StartAsync(string script, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<int> RunHereAsync(string? script, bool withTerminal, CancellationToken cancellation) => throw new NotSupportedException();

        public Task CopyToAsync(NodeFile file, CancellationToken cancellation) => throw new NotSupportedException();

        public Task CopyFromAsync(NodeFile file, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
