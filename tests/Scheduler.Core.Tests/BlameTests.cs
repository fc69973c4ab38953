using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Of a supervised worker that died, it is told a moment later what it was running.</summary>
public sealed class BlameTests
{
    private static readonly SchedulerOptions Options = new() { AllowedFailures = 1 };

    private readonly SchedulerHarness _harness = new(Options);

    [Fact]
    public void All_that_a_dead_worker_was_given_waits_until_its_supervisor_tells_what_ran()
    {
        Join(1);
        _harness.Learn();
        var tasks = _harness.New(20);
        var assigned = _harness.Submit(tasks);
        _harness.Lose(1);
        Assert.Empty(Assignments(Join(2)));

        // The eighth it was: of the seven before it nothing had been heard yet.
        var eighth = new TaskRun(tasks.First + 7);
        var told = _harness.Apply(Died(1, eighth, Assigned(assigned, tasks.Run).Attempt));
        Assert.Equal(20, Assignments(told).Sum(action => action.Run.Count));
        Assert.Empty(Assignments(Join(3)));
    }

    [Fact]
    public void An_older_place_in_the_queue_does_not_give_what_may_have_been_the_cause_to_another()
    {
        var (suspect, others) = (_harness.New(), _harness.New(4));
        _harness.Submit(suspect, others);
        _harness.Cancel(suspect.Run);
        _harness.Retry(suspect.Run);
        Assigned(Join(1), suspect.Run);
        _harness.Lose(1);
        var assigned = _harness.Join(2, slots: 50);
        Assert.NotEmpty(Assignments(assigned));
        Assert.DoesNotContain(assigned, action => action.Kind == ActionKind.Assign && action.Run.Contains(suspect.First));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_suspect_that_was_let_go_of_meanwhile_is_passed_over_when_somebody_tells_and_when_nobody_does(bool isTold)
    {
        Join(1);
        var a = _harness.New();
        var sent = Assigned(_harness.Submit(a), a.Run);
        _harness.Lose(1);
        _harness.Release(a.Run);
        _harness.NowMs += isTold ? 0 : Options.BlameWaitMs + 1;
        Assert.Empty(_harness.Apply(isTold ? Died(1, a.Run, sent.Attempt) : new ClockTicked()));
        Assert.Equal(0, _harness.Core.LiveTasks);
    }

    [Fact]
    public void What_may_have_been_the_cause_is_not_handed_ahead_either()
    {
        Join(1);
        var input = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(input), input.Run));
        var suspect = _harness.New(1, 1, null, On(input.First));
        Assigned(_harness.Submit(suspect), suspect.Run);
        _harness.Lose(1);
        Assert.Equal(input.Run, Assert.Single(Assignments(Join(2))).Run);
    }

    [Fact]
    public void When_nobody_tells_all_goes_on_and_only_what_is_likely_to_have_run_is_suspected()
    {
        Join(1);
        _harness.Learn();
        var tasks = _harness.New(20);
        var assigned = _harness.Submit(tasks);
        for (var worker = 2; worker <= 5; worker++)
        {
            _harness.Lose(worker - 1);
            Join(worker);
            _harness.NowMs += Options.BlameWaitMs + 1;
            assigned = _harness.Apply(new ClockTicked());
            Assert.Equal(worker < 4 ? 20 : 19, Assignments(assigned).Sum(action => action.Run.Count));
        }

        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(new TaskRun(tasks.First)));
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(new TaskRun(tasks.First + 1)));
    }

    private List<SchedulerAction> Join(int worker) => _harness.Apply(new WorkerJoined(new WorkerId(worker), new WorkerDescription
    {
        Name = $"worker-{worker}",
        Address = $"10.0.0.{worker}:1",
        Incarnation = new byte[] { (byte)worker },
        IsSupervised = true,
    }));

    private static WorkerDied Died(int worker, TaskRun running, Attempt attempt) => new($"worker-{worker}", new byte[] { (byte)worker }, [new AttemptRun(running, attempt)], WorkerDeathCause.Unknown, "exit code 1");
}
