using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Who is not heard of, and what is made of it.</summary>
public sealed class LeaseTests
{
    private readonly SchedulerHarness _harness = new(new SchedulerOptions { AllowedFailures = 1 });

    [Fact]
    public void A_silent_worker_is_lost_when_its_lease_ends()
    {
        _harness.Join(1);
        _harness.NowMs = _harness.Core.NextDeadlineMs;
        Assert.Equal([ActionKind.Warn, ActionKind.DismissWorker], _harness.Apply(new ClockTicked()).Select(action => action.Kind));
    }

    [Fact]
    public void A_scheduler_that_stood_still_reads_what_its_workers_said_before_it_gives_them_up()
    {
        _harness.Join(1);
        _harness.NowMs = 100_000;
        Assert.Empty(_harness.Apply(new ClockTicked(), _harness.Spoke(1)));
        Assert.Equal(130_000, _harness.Core.NextDeadlineMs);
    }

    [Fact]
    public void Who_is_silent_after_the_scheduler_stood_still_is_lost_a_little_later()
    {
        _harness.Join(1);
        _harness.NowMs = 100_000;
        Assert.Empty(_harness.Apply(new ClockTicked()));
        _harness.NowMs = _harness.Core.NextDeadlineMs;
        Assert.Equal([ActionKind.Warn, ActionKind.DismissWorker], _harness.Apply(new ClockTicked()).Select(action => action.Kind));
        Assert.InRange(_harness.NowMs, 100_001, 110_000);
    }

    [Fact]
    public void A_long_task_outlives_any_number_of_broken_connections_of_its_worker()
    {
        var a = _harness.New();
        Come(1, []);
        var assigned = Assigned(_harness.Submit(a), a.Run);
        _harness.Start(assigned);
        for (var id = 2; id < 6; id++)
        {
            _harness.Lose(id - 1);
            Come(id, [new AttemptRun(a.Run, assigned.Attempt)]);
            Assert.Equal(TaskPhase.Running, _harness.PhaseOf(a.Run));
        }

        // What is held against it is nothing but true deaths.
        _harness.Lose(5);
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(a.Run));
    }

    private void Come(int id, AttemptRun[] running) => _harness.Apply(new WorkerJoined(new WorkerId(id), new WorkerDescription { Name = "w", Incarnation = new byte[] { 1 } })
    {
        HasPast = running.Length > 0,
        Running = running,
    });
}
