using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Who may run what, how much is sent ahead, and what becomes of that for which nobody comes.</summary>
public sealed class PlacementTests
{
    private readonly SchedulerHarness _harness = new();

    [Theory]
    [InlineData("worker-2")]
    [InlineData("10.0.0.2:1")]
    [InlineData("the host")]
    public void Allowed_workers_are_known_by_name_address_or_host(string allowed)
    {
        _harness.Join(1);
        _harness.Apply(new WorkerJoined(new WorkerId(2), new WorkerDescription { Name = "worker-2", Address = "10.0.0.2:1", Host = "the host" }));
        var a = _harness.New(3, 1, new TaskOptions { AllowedWorkers = [allowed] });
        Assert.All(Assignments(_harness.Submit(a)), action => Assert.Equal(2, action.Target));
        Assert.NotEqual(0, _harness.Core.LoadOf(new WorkerId(2)).Assigned);
    }

    [Fact]
    public void Inputs_that_do_not_fit_into_one_message_are_sent_ahead_and_named()
    {
        var harness = new SchedulerHarness(new SchedulerOptions { ImmediateBytesMax = 64 });
        harness.Join(1);
        var inputs = harness.New(3);
        for (var assigned = Assignments(harness.Submit(inputs)); assigned.Count > 0;)
        {
            assigned = [.. assigned.SelectMany(one => Assignments(harness.Complete(1, one, new string('x', 20))))];
        }

        var few = harness.New(1, 1, null, On(inputs.First));
        var many = harness.New(1, 1, null, new InputRule(inputs.First, 3, 0, 1));
        Assert.Equal(InputForm.Immediate, Assigned(harness.Submit(few), few.Run).Inputs);
        Assert.Equal(InputForm.ById, Assigned(harness.Submit(many), many.Run).Inputs);
    }

    [Fact]
    public void A_task_that_had_a_worker_may_wait_its_whole_queue_timeout_again()
    {
        _harness.Join(1);
        var task = _harness.New(1, 1, new TaskOptions { QueueTimeoutMs = 100 });
        Assigned(_harness.Submit(task), task.Run);

        _harness.NowMs = 90;
        _harness.Lose(1, isGraceful: true);
        _harness.NowMs = 100;
        _harness.Apply(new ClockTicked());
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(task.Run));

        _harness.NowMs = 190;
        _harness.Apply(new ClockTicked());
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(task.Run));
    }

    [Fact]
    public void A_workers_name_may_hold_the_sign_that_others_use_between_names()
    {
        _harness.Join(1, name: "a|b");
        _harness.Join(2, name: "b");
        var either = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["a", "b"] });
        var one = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["a|b"] });
        var assigned = _harness.Submit(either, one);
        Assert.Equal(2, Assigned(assigned, either.Run).Target);
        Assert.Equal(1, Assigned(assigned, one.Run).Target);
    }

    [Fact]
    public void Short_tasks_are_sent_ahead_for_twenty_milliseconds_and_unknown_ones_only_one_ahead()
    {
        _harness.Join(1);
        var unknown = _harness.New(100, 1);
        var assigned = Assert.Single(Assignments(_harness.Submit(unknown)));
        Assert.Equal(2, assigned.Run.Count);
        var more = Assignments(_harness.Complete(1, assigned, durationNs: 1_000_000 - 500));
        Assert.Equal(20, more.Sum(action => action.Run.Count));
    }

    [Fact]
    public void A_task_that_waits_inside_leaves_its_slot_to_another()
    {
        _harness.Join(1);
        var a = _harness.New(5);
        var assigned = Assert.Single(Assignments(_harness.Submit(a)));
        var waiting = new AttemptRun(new TaskRun(a.First), assigned.Attempt);
        Assert.Equal(1, Assignments(_harness.Apply(_harness.Spoke(1) with { WaitingInside = [waiting] })).Sum(action => action.Run.Count));
        Assert.Empty(_harness.Apply(_harness.Spoke(1) with { ResumedInside = [waiting] }));
    }

    [Fact]
    public void A_queue_timeout_does_not_end_what_was_begun()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, new TaskOptions { QueueTimeoutMs = 100 });
        var assigned = Assigned(_harness.Submit(a), a.Run);
        _harness.NowMs = 100;
        Assert.Empty(_harness.Apply(new ClockTicked()));
        _harness.Complete(1, assigned);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(a.Run));
    }

    [Fact]
    public void A_queue_timeout_counts_from_when_the_task_became_ready()
    {
        var a = _harness.New();
        var b = _harness.New(1, 1, new TaskOptions { QueueTimeoutMs = 100, AllowedWorkers = ["nobody"] }, On(a.First));
        _harness.Join(1);
        var assigned = Assigned(_harness.Submit(a, b), a.Run);
        _harness.NowMs = 5000;
        _harness.Complete(1, assigned);
        _harness.NowMs = 5099;
        Assert.Empty(_harness.Apply(new ClockTicked()));
        _harness.NowMs = 5100;
        Assert.Contains("TellOutcome 1.2 -> 1 Failed NoValidWorker of 1.2", Lines(_harness.Apply(new ClockTicked())));
    }

    [Fact]
    public void A_worker_of_which_nothing_is_heard_within_its_lease_is_lost()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Submit(a);
        _harness.NowMs = 29_999;
        Assert.Empty(_harness.Apply(new ClockTicked()));
        Assert.Equal(30_000, _harness.Core.NextDeadlineMs);
        _harness.NowMs = 30_000;
        Assert.Equal(["Warn 0.0+0 -> 1", "DismissWorker 0.0+0 -> 1"], Lines(_harness.Apply(new ClockTicked())));
        Assert.Equal(0, _harness.Core.WorkerCount);
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(a.Run));
    }

    [Fact]
    public void Whatever_a_worker_says_renews_its_lease()
    {
        _harness.Join(1);
        _harness.NowMs = 29_000;
        _harness.Apply(_harness.Spoke(1));
        Assert.Equal(59_000, _harness.Core.NextDeadlineMs);
    }
}
