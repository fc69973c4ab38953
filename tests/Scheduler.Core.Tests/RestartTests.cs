using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>The cluster is restarted: nothing of before is left, and whoever was there begins anew.</summary>
public sealed class RestartTests
{
    private readonly SchedulerHarness _harness = new(new SchedulerOptions { KeepsFacts = true });

    [Fact]
    public void A_restart_takes_the_tasks_from_their_workers_sends_these_to_begin_anew_and_tells_the_client()
    {
        _harness.Join(1);
        _harness.Join(2);
        var a = _harness.New();
        _harness.Start(Assigned(_harness.Submit(a), a.Run));

        Assert.Equal(
            [
                "Warn 0.0+0 -> -1", "Cancel 1.1 -> 1", "RestartWorker 0.0+0 -> 1", "RestartWorker 0.0+0 -> 2", "AnswerRequest 0.0+0 -> 5", "TellForgotten 1.2+0 -> 1",
            ],
            Lines(Restart()));
        Assert.Equal(0, _harness.Core.LiveTasks);
        Assert.Equal(0, _harness.Core.WorkerCount);
        Assert.True(_harness.Core.IsIdle);
    }

    [Fact]
    public void Tasks_in_every_phase_are_forgotten_with_what_they_came_from_and_what_came_of_them()
    {
        _harness.Join(1);
        var failed = _harness.New();
        var stored = _harness.New();
        var running = _harness.New();
        var waiting = _harness.New(1, 1, null, On(stored.First), On(running.First));
        var ready = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["nobody"] });
        _harness.Fail(Assigned(_harness.Submit(failed), failed.Run));
        _harness.CompleteStored(Assigned(_harness.Submit(stored), stored.Run));
        _harness.Submit(running, waiting, ready);
        Scatter();
        _harness.Release(stored.Run);
        Publish("name", ready.Run);

        var lines = Lines(Restart());

        Assert.Contains("Free 1.2 -> 1", lines);
        Assert.Equal(0, _harness.Core.LiveTasks);
        Assert.Empty(_harness.Core.Published);
    }

    [Fact]
    public void The_session_goes_on_and_only_what_names_a_forgotten_task_is_cancelled_with_it()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Submit(a);
        Restart();
        _harness.Join(2);
        var b = _harness.New();
        var c = _harness.New(1, 1, null, On(a.First));

        var lines = Lines(_harness.Submit(b, c));

        Assert.Contains("Assign 1.2 -> 2", lines);
        Assert.Contains("TellOutcome 1.3 -> 1 Failed Cancelled of 1.1", lines);
    }

    [Fact]
    public void What_is_still_said_of_forgotten_tasks_touches_nothing()
    {
        _harness.Join(1);
        var a = _harness.New();
        var before = Assigned(_harness.Submit(a), a.Run);
        Restart();
        _harness.Join(2);
        var b = _harness.New();
        var after = Assigned(_harness.Submit(b), b.Run);

        Assert.Empty(_harness.CompleteStored(before));
        Assert.Empty(_harness.Apply(new ClientSpoke(Session) { Wanted = [a.Run], Cancelled = [a.Run], Retried = [a.Run], Released = [a.Run] }));
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(b.Run));
        Assert.Equal(["TellOutcome 1.2 -> 1 Done"], Lines(_harness.Complete(2, after)));
    }

    [Fact]
    public void A_client_that_comes_back_later_is_told_then_and_every_time()
    {
        _harness.Submit(_harness.New(3));
        _harness.Apply(new SessionDetached(Session));
        Assert.DoesNotContain(Restart(), static action => action.Kind == ActionKind.TellForgotten);

        Assert.Equal(4UL, Forgotten(_harness.Apply(new SessionAttached(Session))));
        Assert.Equal(4UL, Forgotten(_harness.Apply(new SessionAttached(Session))));
        Assert.Empty(_harness.Apply(new ClockTicked()));
    }

    [Fact]
    public void A_worker_that_did_not_hear_of_the_restart_hears_of_it_when_it_comes_back()
    {
        Come(1, hasPast: false, restarts: 0);
        var a = _harness.New();
        var assigned = Assigned(_harness.Submit(a), a.Run);
        _harness.Lose(1);
        Restart();

        Assert.Equal(["RestartWorker 0.0+0 -> 2"], Lines(Come(2, hasPast: true, restarts: 0, new AttemptRun(a.Run, assigned.Attempt))));
        Assert.Equal(0, _harness.Core.WorkerCount);
        Come(3, hasPast: false, restarts: 0);
        Assert.Equal(1, _harness.Core.WorkerCount);
        _harness.Lose(3);
        Come(4, hasPast: true, restarts: 1);
        Assert.Equal(1, _harness.Core.WorkerCount);
    }

    [Fact]
    public void A_worker_that_is_about_to_leave_just_goes_and_is_not_counted_among_those_that_come_back()
    {
        _harness.Join(1);
        _harness.Join(2);
        var a = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-1"] });
        _harness.Start(Assigned(_harness.Submit(a), a.Run));
        _harness.Apply(new DrainAsked([new WorkerId(1)], "so"));
        Assert.Equal(1, _harness.Core.StayingWorkers);

        var lines = Lines(Restart());

        Assert.Contains("RestartWorker 0.0+0 -> 2", lines);
        Assert.Contains("StopWorker 0.0+0 -> 1", lines);
        Assert.DoesNotContain("RestartWorker 0.0+0 -> 1", lines);
    }

    [Fact]
    public void Nobody_is_blamed_for_the_end_of_a_worker_that_was_sent_to_begin_anew()
    {
        _harness.Apply(new WorkerJoined(new WorkerId(1), new WorkerDescription { Name = "w", Incarnation = new byte[] { 1 }, IsSupervised = true }));
        var a = _harness.New();
        var assigned = Assigned(_harness.Submit(a), a.Run);
        _harness.Start(assigned);
        Restart();

        Assert.Empty(_harness.Apply(new WorkerDied("w", new byte[] { 1 }, [new AttemptRun(a.Run, assigned.Attempt)], WorkerDeathCause.Unknown, "signal 9")));
        Assert.Equal(long.MaxValue, _harness.Core.NextDeadlineMs);
    }

    [Fact]
    public void A_scheduler_that_still_waits_for_workers_of_before_refuses()
    {
        Come(1, hasPast: false, restarts: 0);
        _harness.Submit(_harness.New());
        var restored = Restored(_harness.Core.Facts.Span.ToArray());
        var actions = new ActionList();

        restored.Apply(new Stamped<SchedulerEvent>(0, new RestartAsked(5)), actions);

        Assert.True(restored.IsRecovering);
        Assert.Equal(RequestAnswer.Recovering, Assert.Single(actions.Span.ToArray()).Answer);
        Assert.Equal(1, restored.LiveTasks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_scheduler_that_is_killed_afterwards_does_not_bring_the_tasks_back(bool isSnapshot)
    {
        Come(1, hasPast: false, restarts: 0);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        Scatter();
        Publish("name", a.Run);
        Restart();
        var b = _harness.New();
        _harness.Submit(b);
        var facts = new List<SchedulerFact> { new SessionOpened(Session, default) };
        if (isSnapshot)
        {
            _harness.Core.AddSnapshot(facts);
        }
        else
        {
            facts.AddRange(_harness.Core.Facts.Span);
        }

        var restored = Restored([.. facts]);

        Assert.Equal(1, restored.LiveTasks);
        Assert.Equal(TaskPhase.Ready, restored.PhaseOf(b.First));
        Assert.Empty(restored.Published);
        Assert.False(restored.IsRecovering, "the workers of before the restart are not waited for");
        Assert.Equal(1, restored.Restarts);
        Assert.Equal(_harness.Core.ForgottenBelow(Session), restored.ForgottenBelow(Session));
        var actions = new ActionList();
        restored.Apply(new Stamped<SchedulerEvent>(0, new SessionAttached(Session)), actions);
        restored.TakeNews(Session, int.MaxValue, int.MaxValue, actions);
        Assert.Equal(restored.ForgottenBelow(Session), Forgotten([.. actions.Span]));
    }

    [Fact]
    public void Who_retries_what_names_a_forgotten_task_hears_again_that_it_is_cancelled()
    {
        var a = _harness.New();
        _harness.Submit(a);
        Restart();
        var b = _harness.New(1, 1, null, On(a.First));
        _harness.Submit(b);
        Assert.Equal(["TellOutcome 1.2 -> 1 Failed Cancelled of 1.1"], Lines(_harness.Retry(b.Run)));
    }

    /// <summary>The second task of one submission consumes the first, which named a task that is forgotten.</summary>
    [Fact]
    public void What_names_a_forgotten_task_and_what_depends_on_that_is_the_same_after_a_snapshot()
    {
        var a = _harness.New();
        _harness.Submit(a);
        Restart();
        var b = _harness.New();
        var c = _harness.New(2, 1, null, new InputRule(a.First, 1, 2, 0), On(b.First));
        _harness.Submit(b, c);
        _harness.Release(b.Run);
        var facts = new List<SchedulerFact>();
        _harness.Core.AddSnapshot(facts);

        var restored = Restored([.. facts]);

        Assert.Equal(TaskPhase.Failed, restored.PhaseOf(c.First));
        Assert.Equal(TaskPhase.Failed, restored.PhaseOf(c.First + 1));
        Assert.Equal(_harness.Core.PhaseOf(b.First), restored.PhaseOf(b.First));
        Assert.Equal(3, restored.LiveTasks);
    }

    private static ulong Forgotten(IReadOnlyList<SchedulerAction> actions) =>
        Assert.Single(actions, static action => action.Kind == ActionKind.TellForgotten).Run.First.Sequence;

    private static SchedulerCore Restored(SchedulerFact[] facts)
    {
        var core = new SchedulerCore(new SchedulerOptions { Epoch = 2 });
        core.Restore(facts.Prepend(new SessionOpened(Session, default)), 0);
        core.CheckInvariants();
        return core;
    }

    private List<SchedulerAction> Restart() => _harness.Apply(new RestartAsked(5));

    private void Scatter()
    {
        var values = new ByteColumnBuilder();
        values.Add([1, 2, 3]);
        var scattered = _harness.New();
        _harness.Apply(new ClientSpoke(Session) { Scattered = [new ScatteredValues(scattered.First, values.Build())] });
    }

    private void Publish(string name, TaskRun run) => _harness.Apply(new PublishAsked(1, name, [run], default, Overwrites: false));

    private List<SchedulerAction> Come(int id, bool hasPast, int restarts, params AttemptRun[] running) =>
        _harness.Apply(new WorkerJoined(new WorkerId(id), new WorkerDescription { Name = "w", Incarnation = new byte[] { 7 } })
        {
            HasPast = hasPast,
            Restarts = restarts,
            Running = running,
        });
}
