using Weft.Worker.Tests.Kit;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests;

/// <summary>A worker that asks to be let go, and schedulers that answer or do not.</summary>
public sealed class LeavingTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_leaving_worker_says_why_and_how_long_it_may_take()
    {
        await using var worker = await HoldingAsync();

        var leaving = worker.Host.LeaveAsync(LeaveOrder.Within("spot notice", Long));

        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Leaving is { Reason: "spot notice", WithinMs: > 50_000 and <= 60_000 }));
        await LetGoAsync(worker, leaving);
    }

    [Fact]
    public async Task One_without_a_deadline_says_that_it_takes_as_long_as_it_takes()
    {
        await using var worker = await HoldingAsync();

        var leaving = worker.Host.LeaveAsync(LeaveOrder.Within("rebalance", null));

        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Leaving is { Reason: "rebalance", WithinMs: 0 }));
        await LetGoAsync(worker, leaving);
    }

    [Fact]
    public async Task The_stop_that_answers_ends_it_as_stopped_and_wants_no_other_in_its_place()
    {
        await using var worker = await HoldingAsync();
        var leaving = worker.Host.LeaveAsync(LeaveOrder.Within("maintenance", Long));
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Leaving is not null));

        await worker.Stream.SendAsync(new V1.WorkerOrders { Stop = new V1.WorkerStop { Reason = "its data is held by others", Restart = true } });
        await leaving;

        Assert.Equal(new WorkerEnd(WorkerEndReason.Stopped, "its data is held by others"), await worker.Host.Completion);
        Assert.False(worker.Stream.SaidGoodbye);
    }

    [Fact]
    public async Task What_it_holds_keeps_it_until_it_is_freed()
    {
        await using var worker = await HoldingAsync();
        var leaving = worker.Host.LeaveAsync(LeaveOrder.Within("maintenance", Long));
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Leaving is not null));
        Assert.False(leaving.IsCompleted);

        await worker.Stream.SendAsync(new V1.WorkerOrders { Free = { new V1.Run { First = 100, Count = 3 } } });
        await leaving;

        Assert.True(worker.Stream.SaidGoodbye);
    }

    [Fact]
    public async Task At_its_deadline_it_goes_with_what_it_holds_and_says_goodbye()
    {
        await using var worker = await HoldingAsync();
        await worker.Host.LeaveAsync(LeaveOrder.Within("maintenance", TimeSpan.FromMilliseconds(20)));
        await worker.Stream.Until(() => worker.Stream.SaidGoodbye);
        Assert.Equal(WorkerEndReason.Stopped, (await worker.Host.Completion).Reason);
    }

    [Fact]
    public async Task A_second_order_brings_an_earlier_end_and_never_a_later_one()
    {
        await using var worker = await HoldingAsync();
        var leaving = worker.Host.LeaveAsync(LeaveOrder.Within("rebalance", null));
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Leaving is { WithinMs: 0 }));

        var hurried = worker.Host.LeaveAsync(LeaveOrder.Within("the instance ends", TimeSpan.FromMilliseconds(20)));
        _ = worker.Host.LeaveAsync(LeaveOrder.Within("never mind", null));

        await leaving;
        await hurried;
        Assert.True(worker.Stream.SaidGoodbye);
    }

    [Fact]
    public async Task The_end_of_the_stream_ends_its_waiting()
    {
        await using var worker = await HoldingAsync();
        var leaving = worker.Host.LeaveAsync(LeaveOrder.Within("maintenance", Long));
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Leaving is not null));

        worker.Stream.Kill();

        await leaving;
        Assert.Equal(WorkerEndReason.Stopped, (await worker.Host.Completion).Reason);
    }

    private static async Task LetGoAsync(WorkerFixture worker, Task leaving)
    {
        await worker.Stream.SendAsync(new V1.WorkerOrders { Stop = new V1.WorkerStop { Reason = "go" } });
        await leaving;
    }

    /// <summary>A worker that holds values.</summary>
    private static async Task<WorkerFixture> HoldingAsync()
    {
        var worker = await WorkerFixture.StartAsync(scheduler: new FakeScheduler { HeartbeatIntervalMs = 10 });
        await worker.Stream.SendAsync(new V1.WorkerOrders { KeptValues = { new V1.KeptValues { Values = Calls.Values(100, 7, 8, 9) } } });
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Heartbeat is { StoreBytes: 3 }));
        return worker;
    }
}
