using Google.Protobuf;
using Weft.Autoscaler.Core;
using Weft.Grpc;
using Weft.Launcher.Tests.Configuration;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Provisioning;
using Weft.Scheduler;
using Weft.Scheduler.Tests;
using static Weft.Launcher.Tests.Autoscaling.FakeProvider;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests.Autoscaling;

/// <summary>How many nodes the autoscaler wants for what a real scheduler has to do.</summary>
public sealed class SizeForDemandTests
{
    private const ulong MsNs = 1_000_000;
    private const ulong HourNs = 3_600_000 * MsNs;

    [Theory]
    [InlineData(100_000, MsNs, 100, HourNs, 102)]
    [InlineData(1_000, 10 * MsNs, 50, 2 * HourNs, 51)]
    public async Task Functions_of_one_shape_count_by_their_own_lengths(int shortTasks, ulong shortNs, int longTasks, ulong longNs, int nodes)
    {
        await using var cluster = await Cluster.StartAsync("{max_workers: 10000, resources: {CPU: 1} }");
        await cluster.LearnAsync(1, shortNs);
        await cluster.LearnAsync(2, longNs);
        await cluster.SubmitAsync(shortTasks, function: 1);
        await cluster.SubmitAsync(longTasks, function: 2);

        var heard = await cluster.HearAsync(heard => TasksOf(heard) == shortTasks + longTasks);

        Assert.Equal(nodes, await Cluster.WantedAsync(cluster.Configuration, heard));
    }

    [Fact]
    public async Task Short_tasks_that_wait_behind_long_ones_of_their_shape_get_slots()
    {
        await using var cluster = await Cluster.StartAsync("{max_workers: 10000, resources: {CPU: 4} }");
        await cluster.LearnAsync(1, 1_000 * MsNs);
        await cluster.LearnAsync(2, HourNs);
        await using var first = await cluster.JoinAsync("cpu-1", slots: 4);
        await using var second = await cluster.JoinAsync("cpu-2", slots: 4);
        await cluster.SubmitAsync(8, function: 2);
        await first.BeginAsync(4);
        await second.BeginAsync(4);
        await cluster.SubmitAsync(10, function: 1);

        var heard = await cluster.HearAsync(heard => TasksOf(heard) == 18);

        Assert.Equal(3, await Cluster.WantedAsync(cluster.Configuration, heard, Node("cpu-1", NodeState.Running), Node("cpu-2", NodeState.Running)));
    }

    [Fact]
    public async Task Tasks_too_short_to_be_told_of_hold_the_slots_that_they_keep_busy()
    {
        await using var cluster = await Cluster.StartAsync("{max_workers: 10000, resources: {CPU: 1} }");
        await cluster.LearnAsync(1, MsNs);
        await using var worker = await cluster.JoinAsync("cpu-1");
        await cluster.SubmitAsync(10, function: 1);
        await worker.SayAsync(new V1.WorkerBatch { Heartbeat = new V1.Heartbeat { Running = 1 } });

        var heard = await cluster.HearAsync(static heard => heard.Workers is [{ Assigned: 10, Running: 1 }]);

        Assert.Equal(1, await Cluster.WantedAsync(cluster.Configuration, heard, Node("cpu-1", NodeState.Running)));
    }

    [Fact]
    public async Task A_task_that_has_a_resource_and_fetches_its_inputs_needs_no_other_node()
    {
        await using var cluster = await Cluster.StartAsync("{max_workers: 10000, resources: {CPU: 4, GPU: 1} }");
        var gpu = new V1.Resource { Name = "GPU", Milli = 1000 };
        await using var worker = await cluster.JoinAsync("cpu-1", slots: 4, gpu);
        await cluster.SubmitAsync(1, function: 1, gpu);

        var heard = await cluster.HearAsync(static heard => heard.Workers is [{ Assigned: 1 }]);

        Assert.Equal(1, await Cluster.WantedAsync(cluster.Configuration, heard, Node("cpu-1", NodeState.Running)));
    }

    private static int TasksOf(V1.ScalingDemand heard) => heard.Rows.Sum(static row => (int)(row.Tasks + row.Running));

    /// <summary>A scheduler, one client of it, and a cluster file with one type of node.</summary>
    private sealed class Cluster : IAsyncDisposable
    {
        private readonly SchedulerHost _host;
        private readonly InProcessChannel _channel;
        private readonly BareClient _client;
        private ulong _next = 1;

        private Cluster(string type, SchedulerHost host, InProcessChannel channel, BareClient client)
        {
            (_host, _channel, _client) = (host, channel, client);
            Configuration = ClusterFileTests.Right($"cluster_name: demo\nprovider: {{type: local}}\nmax_workers: 10000\navailable_node_types:\n  cpu: {type}\n");
        }

        public ClusterConfiguration Configuration { get; }

        public static async Task<Cluster> StartAsync(string type)
        {
            var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
            var channel = new InProcessChannel(host.Services);
            return new Cluster(type, host, channel, await BareClient.ConnectAsync(channel));
        }

        public Task<Worker> JoinAsync(string name, uint slots = 1, params V1.Resource[] resources) => Worker.JoinAsync(_channel, name, slots, resources);

        /// <summary>Has the scheduler know how long the tasks of a function run.</summary>
        public async Task LearnAsync(uint function, ulong durationNs)
        {
            await using var worker = await JoinAsync("sampler");
            await SubmitAsync(1, function);
            await worker.CompleteAsync(durationNs);
            await _client.UntilValuesAsync(1);
            await worker.LeaveAsync();
        }

        public async Task SubmitAsync(int count, uint function, params V1.Resource[] resources)
        {
            var batch = new V1.ClientBatch
            {
                Functions = { new V1.Function { Number = function, Name = "F", Descriptor_ = ByteString.CopyFromUtf8("f" + function) } },
                Options = { new V1.TaskOptions { Number = 1, Resources = { resources } } },
                Submissions = { new V1.Submission { First = _client.Id(_next).Value, Count = (uint)count, Function = function, Options = resources.Length > 0 ? 1u : 0 } },
                Wanted = { new V1.Run { First = _client.Id(_next).Value, Count = (uint)count } },
            };
            _next += (ulong)count;
            await _client.SendAsync(batch);
        }

        /// <summary>What the scheduler tells the autoscaler, once it has heard all that it was told.</summary>
        public async Task<V1.ScalingDemand> HearAsync(Predicate<V1.ScalingDemand> isWhole)
        {
            while (true)
            {
                var heard = await _channel.AsyncUnaryCall(WeftServices.ScalingReport, default, new V1.NodesReport());
                if (isWhole(heard))
                {
                    return heard;
                }

                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }

        /// <summary>How many nodes there are to be by that.</summary>
        public static async Task<int> WantedAsync(ClusterConfiguration configuration, V1.ScalingDemand heard, params ClusterNode[] nodes)
        {
            var core = new AutoscalerCore(AutoscalerSettings.Of(configuration));
            var looks = await new FakeProvider().LookAsync(nodes);
            core.Apply(new Stamped<AutoscalerEvent>(1, new Observed(Observations.Of(configuration, looks, heard, new V1.ScaleTarget()))));
            return Assert.Single(core.Report.Types).Wanted;
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            _channel.Dispose();
            await _host.DisposeAsync();
        }
    }

    /// <summary>A worker that does with its tasks what the test says.</summary>
    private sealed class Worker(AsyncDuplexStreamingCall<V1.WorkerBatch, V1.WorkerOrders> call) : IAsyncDisposable
    {
        public static async Task<Worker> JoinAsync(CallInvoker channel, string name, uint slots, V1.Resource[] resources)
        {
            var call = channel.AsyncDuplexStreamingCall(WeftServices.WorkConnect, new CallOptions(CancellationToken: TestContext.Current.CancellationToken));
            await call.RequestStream.WriteAsync(new V1.WorkerBatch { Hello = new V1.WorkerHello { ProtocolMajor = Limits.ProtocolMajor, Name = name, Slots = slots, Resources = { resources } } });
            Assert.True(await call.ResponseStream.MoveNext());
            return new Worker(call);
        }

        public async Task CompleteAsync(ulong durationNs)
        {
            var task = (await AssignmentsAsync(1))[0];
            await call.RequestStream.WriteAsync(new V1.WorkerBatch { Completed = { new V1.Completed { First = task.First, Count = 1, Attempt = task.Attempt, DurationNs = durationNs, Data = ByteString.CopyFromUtf8("v"), Ends = ByteString.CopyFrom(1, 0, 0, 0) } } });
        }

        /// <summary>Waits for so many tasks, and says that they run.</summary>
        public async Task BeginAsync(int count)
        {
            var batch = new V1.WorkerBatch();
            batch.Started.AddRange((await AssignmentsAsync(count)).Select(static task => new V1.AttemptRun { First = task.First, Count = task.Count, Attempt = task.Attempt }));
            await call.RequestStream.WriteAsync(batch);
        }

        public async Task SayAsync(V1.WorkerBatch batch) => await call.RequestStream.WriteAsync(batch);

        public async Task LeaveAsync()
        {
            await call.RequestStream.WriteAsync(new V1.WorkerBatch { Goodbye = true });
            while (await call.ResponseStream.MoveNext())
            {
            }
        }

        public async Task<List<V1.Assignment>> AssignmentsAsync(int tasks)
        {
            var assigned = new List<V1.Assignment>();
            while (assigned.Sum(static assignment => (int)assignment.Count) < tasks)
            {
                Assert.True(await call.ResponseStream.MoveNext());
                assigned.AddRange(call.ResponseStream.Current.Assignments);
            }

            return assigned;
        }

        public ValueTask DisposeAsync()
        {
            call.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
