using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>What clients are told, and when their sessions end.</summary>
public sealed class SessionTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_goodbye_releases_at_once()
    {
        _harness.Join(1);
        var a = _harness.New(3);
        var assigned = Assignments(_harness.Submit(a));
        var lines = Lines(_harness.Apply(new ClientSpoke(Session) { Goodbye = true }));
        Assert.Equal((0, 0), (_harness.Core.LiveTasks, _harness.Core.SessionCount));
        Assert.Equal([$"Cancel {assigned[0].Run} -> 1"], lines);
    }

    [Fact]
    public void A_session_that_comes_back_in_time_keeps_all_and_is_told_all_again()
    {
        _harness.Join(1);
        var a = _harness.New();
        var b = _harness.New();
        var c = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["nobody"] });
        var assigned = _harness.Submit(a, b, c);
        _harness.Complete(1, Assigned(assigned, a.Run));
        _harness.Apply(new SessionDetached(Session));
        Assert.Empty(_harness.Fail(Assigned(assigned, b.Run)));
        _harness.NowMs = 59_999;
        Assert.Equal(
            ["Acknowledge 1.4+0 -> 1", "TellOutcome 1.1 -> 1 Done", "TellOutcome 1.2 -> 1 Failed UserException of 1.2", "TellOutcome 1.3 -> 1 Waiting"],
            Lines(_harness.Apply(new SessionAttached(Session))).Where(line => !line.StartsWith("Dismiss", StringComparison.Ordinal)));
        _harness.NowMs = 200_000;
        _harness.Apply(new ClockTicked());
        Assert.Equal(3, _harness.Core.LiveTasks);
    }

    [Fact]
    public void News_stop_at_the_bytes_and_tasks_that_a_message_may_hold_and_go_on_with_the_next()
    {
        _harness.Join(1);
        _harness.Learn(durationNs: 100);
        var a = _harness.New(600);
        var assigned = Assert.Single(Assignments(_harness.Submit(a)));
        _harness.Want(a.Run);
        var core = _harness.Core;
        var told = new ActionList();
        core.Apply(new Stamped<SchedulerEvent>(0, new WorkerSpoke(new WorkerId(1)) { Completed = [Result(a.Run, assigned.Attempt)] }), told);

        // They are looked at page by page, and the first page has no task 0.
        core.TakeNews(Session, bytesMax: 10, int.MaxValue, told);
        Assert.Equal(["TellOutcome 1.1+255 -> 1 Done", "SendValues 1.1+255 -> 1"], Lines(told.Span.ToArray()));
        told.Clear();
        core.TakeNews(Session, int.MaxValue, tasksMax: 1, told);
        Assert.Equal(["TellOutcome 1.256+256 -> 1 Done", "SendValues 1.256+256 -> 1"], Lines(told.Span.ToArray()));
        Assert.True(core.HasNews(Session));
        told.Clear();
        core.TakeNews(Session, int.MaxValue, int.MaxValue, told);
        Assert.Equal(["TellOutcome 1.512+89 -> 1 Done", "SendValues 1.512+89 -> 1"], Lines(told.Span.ToArray()));
        Assert.False(core.HasNews(Session));
    }

    [Fact]
    public void What_one_session_holds_another_can_neither_cancel_nor_release()
    {
        var a = _harness.New();
        _harness.Submit(a);
        var other = new SessionId(2);
        _harness.Apply(new SessionAttached(other), new ClientSpoke(other) { Cancelled = [a.Run], Released = [a.Run], Retried = [a.Run], Wanted = [a.Run] });
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(a.Run));
        Assert.Equal(4, _harness.Core.Drops[DropReason.OtherSession]);
    }

    [Fact]
    public void What_another_session_says_it_releases_is_not_released_by_the_next_scheduler_either()
    {
        var harness = new SchedulerHarness(new SchedulerOptions { KeepsFacts = true });
        var a = harness.New();
        harness.Submit(a);
        var other = new SessionId(2);
        harness.Apply(new SessionAttached(other), new ClientSpoke(other) { Released = [a.Run] });

        var next = new SchedulerCore(new SchedulerOptions { Epoch = 2 });
        next.Restore([new SessionOpened(Session, new byte[] { 1 }), new SessionOpened(other, new byte[] { 2 }), .. harness.Core.Facts.Span], nowMs: 0);

        Assert.Equal(TaskPhase.Ready, next.PhaseOf(a.First));
    }

    [Fact]
    public void What_was_released_twice_is_released_once()
    {
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        _harness.Submit(a, b);
        _harness.Release(a.Run);
        _harness.Release(a.Run);
        Assert.Equal(1, _harness.Core.Drops[DropReason.NotHeld]);
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(a.Run));
    }

    [Fact]
    public void Scattered_values_and_tasks_of_one_batch_are_added_in_the_order_of_their_ids()
    {
        _harness.Join(1);
        var values = new ByteColumnBuilder();
        values.Add([7]);
        var first = _harness.New(1);
        var scattered = _harness.New(1);
        var user = _harness.New(1, 1, null, On(scattered.First));
        var actions = _harness.Apply(new ClientSpoke(Session)
        {
            Submissions = [first, user],
            Scattered = [new ScatteredValues(scattered.First, values.Build())],
        });
        Assert.Equal(0, _harness.Core.Drops[DropReason.DuplicateSubmission]);
        Assert.Equal(InputForm.Immediate, Assigned(actions, user.Run).Inputs);
    }
}
