using System.Collections.Concurrent;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Worker.Tests.Kit;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests;

/// <summary>Cancelling, retracting, limits, loss and leave-taking. Tasks are held by gates, so that nothing depends on time.</summary>
public sealed class ControlTests
{
    private static readonly ConcurrentDictionary<int, Gate> Gates = new();
    private static int _gates;

    private static int Pass(int gate)
    {
        var held = Gates[gate];
        held.Entered.TrySetResult();
        held.Open.Task.Wait();
        return gate;
    }

    private static int PassUnlessCancelled(int gate, CancellationToken cancellationToken)
    {
        var held = Gates[gate];
        held.Entered.TrySetResult();
        held.Open.Task.Wait(cancellationToken);
        return gate;
    }

    private static int Identity(int value) => value;

    [Fact]
    public async Task What_has_not_begun_is_given_back_and_the_rest_is_not()
    {
        await using var worker = await WorkerFixture.StartAsync();
        var gate = Gate.New();
        await worker.DefineAsync(Calls.Function(1, Pass), Calls.Function(2, Identity));
        await worker.SendAsync(Calls.Map(0, 1, Pass, gate.Number), Calls.Map(10, 2, Identity, 1, 2, 3));
        await gate.Entered.Task;
        await worker.Stream.SendAsync(new V1.WorkerOrders
        {
            Retract =
            {
                new V1.AttemptRun { First = 0, Count = 1, Attempt = 1 },
                new V1.AttemptRun { First = 11, Count = 3, Attempt = 1 },
            },
        });
        await worker.Stream.Until(() => worker.Stream.Retracted.Count == 2);
        Assert.Equal([11, 12], worker.Stream.Retracted);
        Assert.Equal([0UL, 13UL], worker.Stream.NotRetracted.Order());
        gate.Open.SetResult();
        await worker.Stream.Until(() => worker.Stream.Values.Count == 2);
        Assert.Equal([0, 10], worker.Stream.Order);
    }

    [Fact]
    public async Task The_rest_of_a_chunk_does_not_wait_behind_a_task_that_takes_long()
    {
        await using var worker = await WorkerFixture.StartAsync(slots: 2);
        var quick = Gate.New();
        quick.Open.SetResult();
        var slow = Gate.New();
        await worker.DefineAsync(Calls.Function(1, Pass));
        await worker.SendAsync(Calls.Map(1000, 1, Pass, [.. Enumerable.Repeat(quick.Number, 500)]));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 500);
        await worker.SendAsync(Calls.Map(0, 1, Pass, [quick.Number, slow.Number, .. Enumerable.Repeat(quick.Number, 98)]));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 599);
        await worker.Stream.Until(() => worker.Stream.Started.Contains(1));
        slow.Open.SetResult();
        await worker.Stream.Until(() => worker.Stream.Values.Count == 600);
    }

    [Fact]
    public async Task Cancelling_a_running_task_cancels_its_token()
    {
        await using var worker = await WorkerFixture.StartAsync();
        var gate = Gate.New();
        await worker.DefineAsync(Calls.Function(1, PassUnlessCancelled), Calls.Function(2, Identity));
        await worker.SendAsync(MapWithToken(0, gate.Number), Calls.Map(1, 2, Identity, 1));
        await gate.Entered.Task;
        await worker.Stream.SendAsync(new V1.WorkerOrders { Cancel = { new V1.AttemptRun { First = 0, Count = 1, Attempt = 1 } } });
        await worker.Stream.Until(() => worker.Stream.Values.Count == 1);
        Assert.Empty(worker.Stream.Failed);
    }

    [Fact]
    public async Task A_task_over_its_limit_that_heeds_its_token_is_timed_out()
    {
        await using var worker = await WorkerFixture.StartAsync();
        var gate = Gate.New();
        await worker.DefineAsync(Calls.Function(1, PassUnlessCancelled));
        var call = MapWithToken(0, gate.Number);
        call.RunTimeoutMs = 10;
        await worker.SendAsync(call);
        await worker.Stream.Until(() => worker.Stream.Failed.Count == 1);
        Assert.Equal(ErrorKind.TimedOut, worker.Stream.Failed[0].Kind);
        Assert.Contains("10 ms", worker.Stream.Failed[0].Message);
    }

    [Fact]
    public async Task A_task_over_its_limit_that_does_not_is_given_up_and_its_slot_goes_on()
    {
        await using var worker = await WorkerFixture.StartAsync();
        var gate = Gate.New();
        await worker.DefineAsync(Calls.Function(1, Pass), Calls.Function(2, Identity));
        var call = Calls.Map(0, 1, Pass, gate.Number);
        call.RunTimeoutMs = 10;
        await worker.SendAsync(call, Calls.Map(1, 2, Identity, 7));
        await worker.Stream.Until(() => worker.Stream.Failed.Count == 1 && worker.Stream.Values.Count == 1);
        Assert.Equal(ErrorKind.TimedOut, worker.Stream.Failed[0].Kind);
        gate.Open.SetResult();
    }

    [Fact]
    public async Task A_worker_whose_stream_breaks_joins_again_with_an_empty_store()
    {
        await using var worker = await WorkerFixture.StartAsync();
        var gate = Gate.New();
        await worker.DefineAsync(Calls.Function(1, PassUnlessCancelled), Calls.Function(2, Identity));
        await worker.Stream.SendAsync(new V1.WorkerOrders { KeptValues = { new V1.KeptValues { Values = Calls.Values(100, 7) } } });
        await worker.SendAsync(MapWithToken(0, gate.Number));
        await gate.Entered.Task;
        worker.Stream.Kill();

        // It comes back as who it was; a scheduler that knows nothing of that makes it begin anew.
        Assert.Equal(worker.Stream.Hello.Incarnation, (await worker.Scheduler.AcceptAsync()).Hello.Incarnation);
        var again = await worker.Scheduler.AcceptAsync();
        Assert.NotEqual(worker.Stream.Hello.Incarnation, again.Hello.Incarnation);
        worker.Stream = again;
        await worker.DefineAsync(Calls.Function(2, Identity));
        await worker.SendAsync(Calls.Map(0, 2, Identity, 5), Calls.OfInputs(1, 1, 2, Identity, Calls.Elementwise(100)));
        await again.Until(() => again.Values.Count == 1 && again.Missing.Count == 1);
        Assert.Equal(5, Calls.Read<int>(again.Values[0]));
        Assert.Empty(again.Failed);
    }

    [Fact]
    public async Task A_scheduler_that_stays_away_ends_the_worker()
    {
        var scheduler = new FakeScheduler();
        var links = 0;
        await using var worker = await WorkerFixture.StartAsync(
            with: options => options with
            {
                Connect = _ => links++ == 0 ? Task.FromResult(scheduler.Link()) : throw new IOException("no scheduler file"),
                ReconnectTimeout = TimeSpan.FromMilliseconds(80),
            },
            scheduler: scheduler);
        worker.Stream.Kill();
        var end = await worker.Host.Completion;
        Assert.Equal(WorkerEndReason.SchedulerLost, end.Reason);
        Assert.Contains("no scheduler file", end.Message);
        Assert.True(links >= 2);
    }

    [Fact]
    public async Task A_scheduler_that_is_never_there_ends_the_worker_after_its_death_timeout()
    {
        var options = WorkerFixture.Options(new FakeScheduler()) with
        {
            Connect = _ => throw new IOException("nothing there"),
            DeathTimeout = TimeSpan.FromMilliseconds(60),
        };
        await using var host = await WorkerHost.StartAsync(options);
        Assert.Equal(WorkerEndReason.SchedulerNotFound, (await host.Completion).Reason);
    }

    [Fact]
    public async Task A_scheduler_that_does_not_answer_is_said_to_be_that()
    {
        var options = WorkerFixture.Options(new FakeScheduler { IsSilent = true }) with
        {
            WelcomeTimeout = TimeSpan.FromMilliseconds(20),
            DeathTimeout = TimeSpan.FromMilliseconds(60),
        };
        await using var host = await WorkerHost.StartAsync(options);
        Assert.Equal(
            new WorkerEnd(WorkerEndReason.SchedulerNotFound, "No scheduler was found within 00:00:00.0600000: The scheduler did not answer within 00:00:00.0200000."),
            await host.Completion);
    }

    [Fact]
    public async Task A_refused_worker_ends_and_says_why()
    {
        var scheduler = new FakeScheduler { Refusal = new Status(StatusCode.FailedPrecondition, "protocol 1 here, 2 there") };
        await using var host = await WorkerHost.StartAsync(WorkerFixture.Options(scheduler));
        Assert.Equal(new WorkerEnd(WorkerEndReason.Refused, "protocol 1 here, 2 there"), await host.Completion);
    }

    [Fact]
    public async Task A_worker_told_to_stop_ends_with_the_reason()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.Stream.SendAsync(new V1.WorkerOrders { Stop = new V1.WorkerStop { Reason = "idle" } });
        Assert.Equal(new WorkerEnd(WorkerEndReason.Told, "idle"), await worker.Host.Completion);
    }

    [Fact]
    public async Task Leaving_lets_what_runs_end_and_says_goodbye()
    {
        await using var worker = await WorkerFixture.StartAsync();
        var gate = Gate.New();
        await worker.DefineAsync(Calls.Function(1, Pass));
        await worker.SendAsync(Calls.Map(0, 1, Pass, gate.Number, gate.Number));
        await gate.Entered.Task;
        var leaving = worker.Host.LeaveAsync(LeaveOrder.Within("maintenance", TimeSpan.FromSeconds(20)));
        gate.Open.SetResult();
        await leaving;
        await worker.Stream.Until(() => worker.Stream.SaidGoodbye);
        Assert.Equal([0], worker.Stream.Order);
        Assert.Equal(WorkerEndReason.Stopped, (await worker.Host.Completion).Reason);
    }

    [Fact]
    public async Task Leaving_does_not_wait_for_ever()
    {
        await using var worker = await WorkerFixture.StartAsync();
        var gate = Gate.New();
        await worker.DefineAsync(Calls.Function(1, Pass));
        await worker.SendAsync(Calls.Map(0, 1, Pass, gate.Number));
        await gate.Entered.Task;
        await worker.Host.LeaveAsync(LeaveOrder.Within("maintenance", TimeSpan.FromMilliseconds(30)));
        Assert.Equal(WorkerEndReason.Stopped, (await worker.Host.Completion).Reason);
        gate.Open.SetResult();
    }

    [Fact]
    public async Task Heartbeats_tell_for_how_long_the_task_runs_that_runs_longest()
    {
        await using var worker = await WorkerFixture.StartAsync(scheduler: new FakeScheduler { HeartbeatIntervalMs = 10 });
        var gate = Gate.New();
        await worker.DefineAsync(Calls.Function(1, Pass));
        await worker.SendAsync(Calls.Map(0, 1, Pass, gate.Number, gate.Number, gate.Number));
        await gate.Entered.Task;
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Heartbeat is { LongestRunningMs: >= 20, Running: 1, Queued: 2 }));

        gate.Open.TrySetResult();
        await worker.Stream.Until(() => worker.Stream.Batches.Select(static batch => batch.Heartbeat).LastOrDefault(static beat => beat is not null) is { LongestRunningMs: 0, Running: 0, Queued: 0 });
    }

    [Fact]
    public async Task Heartbeats_tell_what_the_process_holds()
    {
        await using var worker = await WorkerFixture.StartAsync(scheduler: new FakeScheduler { HeartbeatIntervalMs = 10 });
        await worker.Stream.SendAsync(new V1.WorkerOrders { KeptValues = { new V1.KeptValues { Values = Calls.Values(100, 7, 8, 9) } } });
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Heartbeat is { StoreBytes: 3, MemoryBytes: > 0 }));
    }

    /// <summary>A token is the worker's to fill in: only the number travels, as for a function of the number alone.</summary>
    private static V1.Assignment MapWithToken(ulong first, int gate) => Calls.Map(first, 1, Identity, gate);

    private sealed class Gate
    {
        private Gate(int number) => Number = number;

        public int Number { get; }

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static Gate New()
        {
            var gate = new Gate(Interlocked.Increment(ref _gates));
            Gates[gate.Number] = gate;
            return gate;
        }
    }
}
