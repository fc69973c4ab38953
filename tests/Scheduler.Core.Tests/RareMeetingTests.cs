using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Meetings of a phase and a cause that simulations see once in thousands of seeds: none changes anything that it should not.</summary>
public sealed class RareMeetingTests
{
    private readonly SchedulerHarness _harness = new();

    [Theory]
    [InlineData(TaskPhase.Waiting)]
    [InlineData(TaskPhase.Failed)]
    [InlineData(TaskPhase.Released)]
    public void Stale_reports_of_an_old_attempt_do_not_change_a_task_that_is_elsewhere(TaskPhase phase)
    {
        var (task, old) = TaskIn(phase);
        var run = new AttemptRun(task, old.Attempt);
        _harness.Apply(_harness.Spoke(1) with
        {
            Started = [run],
            Failed = [new FailedAttempt(task.First, old.Attempt, 1, TaskError.Of(ErrorKind.UserException, task.First, "late"))],
            Retracted = [run],
            NotRetracted = [run],
            Held = [task],
        });
        Assert.Equal(phase, _harness.PhaseOf(task));
        Assert.Equal(4, _harness.Core.Drops[DropReason.StaleAttempt]);
        foreach (var cause in new[] { TaskCause.Started, TaskCause.AttemptFailed, TaskCause.GivenBack, TaskCause.NotGivenBack, TaskCause.HeldByWorker })
        {
            Assert.True(_harness.Core.Met[phase, cause] > 0, $"{cause} of {phase}");
        }
    }

    [Fact]
    public void A_running_task_whose_input_fails_after_all_fails_with_it()
    {
        var (input, running) = HandedAheadAndRunning();
        var lines = Lines(_harness.Cancel(input.Run));
        Assert.Contains($"Cancel {running.Run} -> 1", lines);
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(running.Run));
        Assert.Equal(1, _harness.Core.Met[TaskPhase.Running, TaskCause.InputFailed]);
    }

    [Fact]
    public void A_running_task_whose_inputs_attempt_is_taken_back_waits_again()
    {
        var (input, running) = HandedAheadAndRunning();
        _harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(input.Run, input.Attempt)] });
        Assert.Equal(1, _harness.Core.Met[TaskPhase.Running, TaskCause.InputLost]);
        Assert.NotEqual(TaskPhase.Running, _harness.PhaseOf(running.Run));
    }

    [Theory]
    [InlineData("stored", false)]
    [InlineData("inline", true)]
    [InlineData("failed", true)]
    [InlineData("cancelled", true)]
    public void A_copy_of_an_earlier_result_at_the_worker_that_makes_it_again_is_freed_with_an_end_that_leaves_no_result_there(string end, bool isFreed)
    {
        _harness.Join(1);
        var a = _harness.New();
        var assigned = Assigned(_harness.Submit(a), a.Run);
        Assert.Empty(_harness.Apply(_harness.Spoke(1) with { Held = [a.Run] }));
        var lines = Lines(end switch
        {
            "stored" => _harness.CompleteStored(assigned),
            "inline" => _harness.Complete(1, assigned),
            "failed" => _harness.Fail(assigned),
            _ => _harness.Cancel(a.Run),
        });
        Assert.Equal(isFreed, lines.Contains("Free 1.1 -> 1"));
    }

    [Fact]
    public void A_retry_of_a_running_task_and_a_copy_of_its_earlier_result_leave_it_running()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Start(Assigned(_harness.Submit(a), a.Run));
        Assert.Empty(_harness.Retry(a.Run));

        // To free the copy now might free the result that comes of the run; it is freed with an end that leaves none there.
        Assert.Empty(_harness.Apply(_harness.Spoke(1) with { Held = [a.Run] }));
        Assert.Equal(TaskPhase.Running, _harness.PhaseOf(a.Run));
        Assert.Equal(1, _harness.Core.Met[TaskPhase.Running, TaskCause.Retried]);
        Assert.Equal(1, _harness.Core.Met[TaskPhase.Running, TaskCause.HeldByWorker]);
    }

    /// <summary>A task that was at worker 1 with the attempt that is returned, and is in a phase where that attempt is over.</summary>
    private (TaskRun Task, SchedulerAction Old) TaskIn(TaskPhase phase)
    {
        _harness.Learn();
        _harness.Join(1);
        _harness.Teach();
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        var c = _harness.New(1, 1, null, On(b.First));
        var assigned = _harness.Submit(a, b, c);
        var old = Assigned(assigned, b.Run);
        switch (phase)
        {
            case TaskPhase.Waiting:
                // Its input is not made yet, so it is taken back from who cannot get it.
                _harness.Apply(_harness.Spoke(1) with { Missing = [a.Run] });
                return (b.Run, old);
            case TaskPhase.Failed:
                _harness.Cancel(b.Run);
                return (b.Run, old);
            default:
                _harness.CompleteStored(Assigned(assigned, a.Run));
                _harness.CompleteStored(old);
                _harness.CompleteStored(Assigned(assigned, c.Run));
                _harness.Release(b.Run);
                return (b.Run, old);
        }
    }

    /// <summary>A task that runs on what its input's attempt made there, while the report of that attempt is still on its way.</summary>
    private (SchedulerAction Input, SchedulerAction Running) HandedAheadAndRunning()
    {
        _harness.Learn();
        _harness.Join(1);
        _harness.Teach();
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        var assigned = _harness.Submit(a, b);
        var running = Assigned(assigned, b.Run);
        _harness.Start(running);
        return (Assigned(assigned, a.Run), running);
    }
}
