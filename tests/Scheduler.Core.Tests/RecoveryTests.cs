using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>What is lost with a worker is made again.</summary>
public sealed class RecoveryTests
{
    private readonly SchedulerHarness _harness = new(new SchedulerOptions { AllowedFailures = 1 });

    [Fact]
    public void Lost_results_are_made_again_through_any_number_of_released_inputs()
    {
        _harness.Join(1);
        var chain = new List<Submission> { _harness.New() };
        for (var i = 1; i < 50; i++)
        {
            chain.Add(_harness.New(1, 1, null, On(chain[^1].First)));
        }

        var actions = _harness.Submit([.. chain]);
        foreach (var link in chain)
        {
            var assigned = actions.Single(action => action.Kind == ActionKind.Assign && action.Run == link.Run);
            actions = [.. actions, .. _harness.CompleteStored(assigned)];
        }

        _harness.Release(new TaskRun(chain[0].First, 49));
        Assert.Equal(49, _harness.Core.CountOf(TaskPhase.Released));
        _harness.Lose(1);
        Assert.Equal(0, _harness.Core.CountOf(TaskPhase.Released));
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(chain[0].Run));
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(chain[49].Run));
    }

    [Fact]
    public void Results_that_the_scheduler_holds_cut_lineage()
    {
        _harness.Learn();
        _harness.Join(1);
        _harness.Teach();
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        var assigned = _harness.Submit(a, b);
        _harness.CompleteStored(Assigned(assigned, a.Run));
        _harness.Release(a.Run);
        Assert.NotNull(_harness.PhaseOf(a.Run));
        Assert.Contains("Free 1.1+2 -> 1", Lines(_harness.Complete(1, Assigned(assigned, b.Run))));
        Assert.Null(_harness.PhaseOf(a.Run));
    }

    [Fact]
    public void A_result_that_its_holders_do_not_give_is_asked_for_once_more_and_then_made_again()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        var b = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] }, On(a.First));
        _harness.Submit(b);
        Assert.Equal(["SendHolders 1.1 -> 2"], Lines(_harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] })));

        var lost = Lines(_harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] }));
        Assert.Contains("Free 1.1 -> 1", lost);
        Assert.Contains("Cancel 1.2 -> 2", lost);
        Assert.Contains(lost, line => line.StartsWith("Assign 1.1 -> ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_worker_that_was_told_to_ask_again_is_answered_anew_when_the_result_is_lost_in_the_same_batch()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        _harness.Join(3);
        var b = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] }, On(a.First));
        var c = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-3"] }, On(a.First));
        _harness.Submit(b, c);
        _harness.Apply(_harness.Spoke(3) with { Missing = [a.Run] });

        var lines = Lines(_harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] }, _harness.Spoke(3) with { Missing = [a.Run] }));
        Assert.Contains("Cancel 1.2 -> 2", lines);
        Assert.Contains("Cancel 1.3 -> 3", lines);
    }

    [Fact]
    public void Many_results_that_could_not_be_had_are_made_again_in_one_go()
    {
        const int Results = 50;
        _harness.Join(1, slots: Results);
        var many = _harness.New(Results);
        _harness.CompleteStored(Assigned(_harness.Submit(many), many.Run));
        _harness.Join(2);
        var waiting = _harness.New();
        var consumer = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] }, new InputRule(many.First, Results, 1, 0));
        var dependent = _harness.New(1, 1, null, On(consumer.First), new InputRule(many.First, Results, 1, 0));
        _harness.Submit(waiting, consumer, dependent);
        _harness.Apply(_harness.Spoke(2) with { Missing = [many.Run] });
        _harness.Apply(_harness.Spoke(2) with { Missing = [many.Run] });
        Assert.Equal((TaskPhase.Waiting, TaskPhase.Waiting), (_harness.PhaseOf(consumer.Run), _harness.PhaseOf(dependent.Run)));
        Assert.InRange(_harness.Core.Met[TaskPhase.Waiting, TaskCause.InputLost], 1, 2);
    }

    [Fact]
    public void A_value_that_was_missed_and_then_let_go_of_in_one_batch_is_not_sent()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Complete(1, Assigned(_harness.Submit(a), a.Run));
        var lines = Lines(_harness.Apply(_harness.Spoke(1) with { Missing = [a.Run] }, new ClientSpoke(Session) { Released = [a.Run] }));
        Assert.DoesNotContain(lines, line => line.StartsWith("SendKeptValues", StringComparison.Ordinal));
    }

    [Fact]
    public void A_task_that_is_assigned_anew_to_its_worker_leaves_no_copy_of_the_attempt_before()
    {
        _harness.Join(1);
        var a = _harness.New();
        var first = Assigned(_harness.Submit(a), a.Run);
        _harness.Cancel(a.Run);
        Assert.Equal(["Free 1.1 -> 1", "Assign 1.1 -> 1", "TellOutcome 1.1 -> 1 Waiting"], Lines(_harness.Retry(a.Run)));
        Assert.Empty(Lines(_harness.CompleteStored(first)));
        Assert.Equal(1, _harness.Core.Drops[DropReason.StaleAttempt]);
    }

    [Fact]
    public void A_task_under_which_too_many_workers_died_is_given_up_and_the_error_names_it_and_the_last_worker()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Start(Assigned(_harness.Submit(a), a.Run));
        _harness.Lose(1);
        _harness.Start(Assigned(_harness.Join(2), a.Run));
        var told = Assert.Single(_harness.Lose(2));
        Assert.Equal(ErrorKind.KilledWorkers, told.Error!.Kind);
        Assert.Contains("1.1", told.Error.Message, StringComparison.Ordinal);
        Assert.Contains("worker-2", told.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_that_leaves_gracefully_is_not_held_against_its_tasks()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Start(Assigned(_harness.Submit(a), a.Run));
        for (var worker = 2; worker < 6; worker++)
        {
            _harness.Lose(worker - 1, isGraceful: true);
            _harness.Start(Assigned(_harness.Join(worker), a.Run));
        }

        Assert.Equal(TaskPhase.Running, _harness.PhaseOf(a.Run));
    }

    [Fact]
    public void What_merely_waited_at_a_worker_that_died_is_not_blamed()
    {
        _harness.Join(1);
        var a = _harness.New(2);
        var assigned = Assigned(_harness.Submit(a), a.Run);
        for (var worker = 2; worker < 5; worker++)
        {
            _harness.Apply(_harness.Spoke(worker - 1) with { Started = [new AttemptRun(new TaskRun(a.First), assigned.Attempt)] });
            _harness.Lose(worker - 1);
            assigned = Assignments(_harness.Join(worker)).Last();
        }

        Assert.Equal(TaskPhase.Failed, _harness.Core.PhaseOf(a.First));
        Assert.Equal(TaskPhase.Assigned, _harness.Core.PhaseOf(a.First + 1));
    }

    [Fact]
    public void A_task_that_is_not_idempotent_does_not_run_again_once_it_has_begun()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, new TaskOptions { Idempotent = false });
        _harness.Start(Assigned(_harness.Submit(a), a.Run));
        Assert.Equal(["TellOutcome 1.1 -> 1 Failed NotIdempotent of 1.1"], Lines(_harness.Lose(1)));
    }

    [Fact]
    public void A_task_that_is_not_idempotent_runs_again_when_retries_say_so()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, new TaskOptions { Idempotent = false, Retries = 1 });
        _harness.Start(Assigned(_harness.Submit(a), a.Run));
        _harness.Lose(1);
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(a.Run));
    }

    [Fact]
    public void Scattered_values_survive_every_worker()
    {
        var values = new ByteColumnBuilder();
        values.Add([1, 2, 3]);
        var id = _harness.NextId;
        _harness.Apply(new ClientSpoke(Session) { Scattered = [new ScatteredValues(id, values.Build())] });
        _harness.Join(1);
        _harness.Lose(1);
        Assert.True(_harness.Core.TryGetInlineValue(id, out var value));
        Assert.Equal([1, 2, 3], value.ToArray());
    }
}
