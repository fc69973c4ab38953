using Google.Protobuf;
using Weft.Grpc;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler.Tests.Scaling;

/// <summary>What passes between those who ask for a size, the scheduler and the autoscaler.</summary>
public sealed class ScalingServiceTests
{
    private static readonly NodesReport Report = new() { AutoscalerId = "a", ClusterName = "demo", WorkersMax = 8, Nodes = { new NodeInfo { Name = "cpu-1", State = "running" } } };

    [Fact]
    public async Task Without_an_autoscaler_no_size_can_be_asked_for()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);

        var refused = await RefusedAsync(channel, new ScaleTarget { Minimum = 1 });

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("has no autoscaler", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Null((await InfoAsync(channel)).Nodes);
    }

    [Theory]
    [InlineData(9u, null, StatusCode.OutOfRange, "The minimum of 9 nodes is more than the cluster may have: max_workers is 8.")]
    [InlineData(null, 9u, StatusCode.OutOfRange, "The maximum of 9 nodes is more than the cluster may have: max_workers is 8.")]
    [InlineData(5u, 4u, StatusCode.InvalidArgument, "The minimum of 5 nodes is more than the maximum of 4.")]
    public async Task A_size_that_cannot_be_is_refused_and_changes_nothing(uint? minimum, uint? maximum, StatusCode code, string detail)
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        await ReportAsync(channel);

        var refused = await RefusedAsync(channel, Target(minimum, maximum));

        Assert.Equal((code, detail), (refused.StatusCode, refused.Status.Detail));
        Assert.Null((await ReportAsync(channel)).Target);
    }

    [Theory]
    [InlineData(8u, null)]
    [InlineData(null, 0u)]
    [InlineData(8u, 8u)]
    [InlineData(null, null)]
    public async Task A_size_is_told_to_the_autoscaler_with_a_version_that_rises(uint? minimum, uint? maximum)
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        Assert.Null((await ReportAsync(channel)).Target);

        foreach (var version in new[] { 1ul, 2ul })
        {
            await SetAsync(channel, Target(minimum, maximum));
            var expected = Target(minimum, maximum);
            expected.Version = version;
            Assert.Equal(expected, (await ReportAsync(channel)).Target);
            Assert.Equal(expected, (await ReportAsync(channel)).Target);
        }
    }

    [Fact]
    public async Task The_last_size_is_the_one_that_counts_and_an_end_is_one()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        await ReportAsync(channel);
        await SetAsync(channel, Target(3, null));
        await SetAsync(channel, new ScaleTarget { End = true, Version = 77 });

        Assert.Equal(new ScaleTarget { End = true, Version = 2 }, (await ReportAsync(channel)).Target);
    }

    [Fact]
    public async Task A_size_is_taken_when_the_autoscaler_follows_it_or_a_later_one()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        await ReportAsync(channel);

        var first = channel.AsyncUnaryCall(WeftServices.ScalingSetTarget, default, Target(3, null)).ResponseAsync;
        await UntilAsync(async () => (await ReportAsync(channel)).Target is not null);
        var second = channel.AsyncUnaryCall(WeftServices.ScalingSetTarget, default, Target(4, null)).ResponseAsync;
        await UntilAsync(async () => (await ReportAsync(channel)).Target.Version == 2);
        await FollowAsync(new ScaleTarget { Minimum = 3, Version = 1 });
        await FollowAsync(new ScaleTarget { Minimum = 3, Version = 2 });
        Assert.False(first.IsCompleted || second.IsCompleted);

        await FollowAsync(new ScaleTarget { Minimum = 4, Version = 2 });
        await first;
        await second;

        async Task FollowAsync(ScaleTarget target) => await channel.AsyncUnaryCall(WeftServices.ScalingReport, default, new NodesReport(Report) { Target = target });
    }

    [Theory]
    [InlineData(60, StatusCode.Unavailable, "The autoscaler has not been heard for 20 s")]
    [InlineData(180, StatusCode.Unavailable, "The autoscaler has not been heard for 20 s")]
    [InlineData(181, StatusCode.FailedPrecondition, "This cluster has no autoscaler")]
    public async Task An_autoscaler_that_waits_for_its_provider_s_list_is_not_taken_for_none(int silentSeconds, StatusCode code, string detail)
    {
        using var journal = Journal.Off(1);
        using var loop = new SchedulerLoop(new Core.SchedulerOptions(), journal, [], static _ => { }, static breach => throw breach);
        var time = new HandTime();
        var scaling = new ScalingService(loop, time);
        var call = new QuietCall();
        await scaling.ReportAsync(Report, call);
        time.Advance(TimeSpan.FromSeconds(silentSeconds));

        var asked = scaling.SetTargetAsync(Target(3, null), call);
        await Task.WhenAny(asked, time.Waiting);
        time.Advance(TimeSpan.FromSeconds(20));

        var refused = await Assert.ThrowsAsync<RpcException>(() => asked);
        Assert.Equal(code, refused.StatusCode);
        Assert.StartsWith(detail, refused.Status.Detail, StringComparison.Ordinal);
        var heard = await scaling.ReportAsync(Report, call);
        Assert.Equal(code == StatusCode.Unavailable ? 3u : null, heard.Target?.Minimum);
    }

    [Fact]
    public async Task What_the_autoscaler_said_last_is_part_of_what_is_told_of_the_cluster()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        await ReportAsync(channel);
        var before = TimeProvider.System.GetTimestamp();
        var second = new NodesReport(Report) { Failed = 3 };
        await channel.AsyncUnaryCall(WeftServices.ScalingReport, default, second);
        await UntilAsync(() => TimeProvider.System.GetElapsedTime(before).TotalMilliseconds > 20);

        var info = await InfoAsync(channel);

        Assert.Equal(second, info.Nodes);
        Assert.InRange(info.NodesAgeMs, 1ul, (ulong)TimeProvider.System.GetElapsedTime(before).TotalMilliseconds);
    }

    [Fact]
    public async Task A_cluster_is_idle_while_there_is_neither_a_client_nor_a_task()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        await UntilAsync(async () => (await ReportAsync(channel)).IdleMs >= 20);

        var client = await BareClient.ConnectAsync(channel);
        var heard = await ReportAsync(channel);
        Assert.Equal((1u, 0ul), (heard.Clients, heard.IdleMs));

        // The client goes and its task stays, for whoever comes back for it.
        var batch = EchoWorker.Submit(client.Id(1), 3);
        await client.SendAsync(batch);
        await UntilAsync(async () => (await ReportAsync(channel)).Rows.Count > 0);
        client.Dispose();
        await UntilAsync(async () => (await ReportAsync(channel)).Clients == 0);
        heard = await ReportAsync(channel);
        Assert.Equal(0ul, heard.IdleMs);
        Assert.Equal(new DemandRow { Tasks = 3 }, Assert.Single(heard.Rows));
    }

    [Fact]
    public async Task Work_that_began_and_ended_between_two_questions_was_work()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        using var worker = await EchoWorker.ConnectAsync(channel, "cpu-1");
        _ = worker.RunAsync();
        await UntilAsync(async () => (await ReportAsync(channel)).IdleMs >= 20);
        using (var client = await BareClient.ConnectAsync(channel))
        {
            await client.SendAsync(EchoWorker.Submit(client.Id(1), 3));
            await client.UntilValuesAsync(3);
            await client.SendAsync(new ClientBatch { Goodbye = true });
            await UntilAsync(async () => (await InfoAsync(channel)).Clients == 0);
        }

        var heard = await ReportAsync(channel);

        Assert.Equal((0u, 0ul), (heard.Clients, heard.IdleMs));
        Assert.Equal("cpu-1", Assert.Single(heard.Workers).Name);
        await UntilAsync(async () => (await ReportAsync(channel)).IdleMs > 0);
    }

    [Fact]
    public async Task A_worker_s_idleness_is_told_while_it_has_nothing_to_do()
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        using var worker = await WorkAsync(channel, "cpu-1", [1]);
        await UntilAsync(async () => Assert.Single((await ReportAsync(channel)).Workers).IdleMs >= 20);
        using var client = await BareClient.ConnectAsync(channel);
        var batch = EchoWorker.Submit(client.Id(1), 3);
        batch.Options.Add(new TaskOptions { Number = 1, Resources = { new Resource { Name = "GPU", Milli = 500 } } });
        batch.Submissions[0].Options = 1;
        await client.SendAsync(batch);

        WorkerInfo? info = null;
        await UntilAsync(async () => (info = Assert.Single((await ReportAsync(channel)).Workers)).Assigned > 0);

        Assert.Equal(0ul, info!.IdleMs);
        Assert.Equal([new Resource { Name = "GPU", Milli = 2000 }], info.Resources);
        Assert.Equal([new Resource { Name = "GPU", Milli = 500 * (ulong)info.Assigned }], info.ResourcesInUse);
    }

    [Fact]
    public async Task A_scheduler_that_waits_for_the_workers_of_another_says_so()
    {
        using var journal = new JournalFixture();
        var options = new SchedulerHostOptions { JournalFolder = journal.Folder };
        await using (var first = await SchedulerHost.StartAsync(options))
        {
            using var before = new InProcessChannel(first.Services);
            using var worker = await WorkAsync(before, "cpu-1", [1, 2, 3]);
            using var client = await BareClient.ConnectAsync(before);
            Assert.False((await ReportAsync(before)).Recovering);
        }

        await using var host = await SchedulerHost.StartAsync(options);
        using var channel = new InProcessChannel(host.Services);
        Assert.True((await ReportAsync(channel)).Recovering);

        using var back = await WorkAsync(channel, "cpu-1", [1, 2, 3]);
        Assert.False((await ReportAsync(channel)).Recovering);
    }

    private static ScaleTarget Target(uint? minimum, uint? maximum)
    {
        var target = new ScaleTarget();
        if (minimum is { } least)
        {
            target.Minimum = least;
        }

        if (maximum is { } most)
        {
            target.Maximum = most;
        }

        return target;
    }

    private static async Task<ScalingDemand> ReportAsync(CallInvoker channel) => await channel.AsyncUnaryCall(WeftServices.ScalingReport, default, Report);

    /// <summary>Asks for a size, with an autoscaler that follows what it hears.</summary>
    private static async Task SetAsync(CallInvoker channel, ScaleTarget target)
    {
        var set = channel.AsyncUnaryCall(WeftServices.ScalingSetTarget, default, target).ResponseAsync;
        while (!set.IsCompleted && (await InfoAsync(channel)).Nodes is not null)
        {
            var heard = await ReportAsync(channel);
            await channel.AsyncUnaryCall(WeftServices.ScalingReport, default, new NodesReport(Report) { Target = heard.Target });
        }

        await set;
    }

    private static async Task<ClusterInfo> InfoAsync(CallInvoker channel) => await channel.AsyncUnaryCall(WeftServices.ControlGetInfo, default, new InfoRequest());

    private static Task<RpcException> RefusedAsync(CallInvoker channel, ScaleTarget target) => Assert.ThrowsAsync<RpcException>(() => SetAsync(channel, target));

    /// <summary>A worker that takes tasks and ends none.</summary>
    private static async Task<AsyncDuplexStreamingCall<WorkerBatch, WorkerOrders>> WorkAsync(CallInvoker channel, string name, byte[] incarnation)
    {
        var call = channel.AsyncDuplexStreamingCall(WeftServices.WorkConnect, new CallOptions(CancellationToken: TestContext.Current.CancellationToken));
        var hello = new WorkerHello { ProtocolMajor = Limits.ProtocolMajor, Name = name, Slots = 1, Incarnation = ByteString.CopyFrom(incarnation), Resources = { new Resource { Name = "GPU", Milli = 2000 } } };
        await call.RequestStream.WriteAsync(new WorkerBatch { Hello = hello });
        Assert.True(await call.ResponseStream.MoveNext());
        return call;
    }

    private static Task UntilAsync(Func<bool> isTrue) => UntilAsync(() => Task.FromResult(isTrue()));

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        while (!await isTrue())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
