using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>What clients send is taken in as long as there is room.</summary>
public sealed class BudgetTests
{
    private readonly SchedulerHarness _harness = new(new SchedulerOptions { ClientBytesMax = 100, KeepsFacts = true });

    [Fact]
    public void Scattered_values_beyond_the_bound_fail_with_what_depends_on_them_and_those_before_stay()
    {
        var first = Scatter(60);
        var second = Scatter(41);
        var dependent = _harness.New(1, 1, null, On(second.First));
        _harness.Submit(dependent);

        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(first));
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(second));
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(dependent.Run));
        Assert.Equal(60, _harness.Core.ClientBytes);
    }

    [Fact]
    public void The_client_is_told_once_with_both_numbers()
    {
        Scatter(60);
        var run = _harness.New(3).Run;

        var told = Assert.Single(_harness.Say(Scattered(run, 15)), static action => action.Kind == ActionKind.TellOutcome);

        Assert.Equal(run, told.Run);
        Assert.Equal(ErrorKind.SchedulerFull, told.Error!.Kind);
        Assert.Equal("'scatter' was refused: the scheduler holds 60 bytes of values and arguments, and with these 45 it would be more than the 100 that it may. Release some first.", told.Error.Message);
    }

    [Fact]
    public void There_is_room_again_when_others_are_released()
    {
        var first = Scatter(60);
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(Scatter(60)));

        _harness.Release(first);

        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(Scatter(60)));
    }

    [Fact]
    public void Arguments_count_until_nobody_may_run_the_tasks_again()
    {
        _harness.Join(1);
        var first = WithArguments(60);
        _harness.Complete(1, Assigned(_harness.Submit(first), first.Run));
        var refused = WithArguments(60);
        var without = _harness.New();
        var actions = _harness.Submit(refused, without);

        Assert.Equal(ErrorKind.SchedulerFull, Assert.Single(actions, static action => action.Kind == ActionKind.TellOutcome).Error!.Kind);
        Assigned(actions, without.Run);

        _harness.Release(first.Run);
        var third = WithArguments(60);
        Assigned(_harness.Complete(1, Assigned(actions, without.Run)).Concat(_harness.Submit(third)), third.Run);
    }

    [Fact]
    public void What_was_refused_is_not_tried_again_by_a_retry()
    {
        var first = Scatter(60);
        var refused = WithArguments(60);
        _harness.Submit(refused);
        _harness.Release(first);

        _harness.Retry(refused.Run);

        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(refused.Run));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void A_scheduler_that_goes_on_from_the_facts_holds_what_was_taken_in_and_refuses_what_was_refused_whatever_its_bound(int bound)
    {
        var held = Scatter(60);
        var refused = Scatter(60);

        foreach (var facts in new[] { [.. _harness.Core.Facts.Span], Snapshot() })
        {
            var core = new SchedulerCore(new SchedulerOptions { Epoch = 2, ClientBytesMax = bound });
            core.Restore(facts.Prepend(new SessionOpened(Session, default)), nowMs: 0);
            core.CheckInvariants();

            Assert.Equal(TaskPhase.Done, core.PhaseOf(held.First));
            Assert.Equal(TaskPhase.Failed, core.PhaseOf(refused.First));
            Assert.Equal(60, core.ClientBytes);
        }
    }

    [Fact]
    public void Results_count_too()
    {
        _harness.Join(1);
        var task = _harness.New();
        _harness.Complete(1, Assigned(_harness.Submit(task), task.Run), new string('v', 50));

        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(Scatter(60)));
    }

    private List<SchedulerFact> Snapshot()
    {
        var facts = new List<SchedulerFact>();
        _harness.Core.AddSnapshot(facts);
        return facts;
    }

    private TaskRun Scatter(int bytes)
    {
        var run = _harness.New().Run;
        _harness.Say(Scattered(run, bytes));
        return run;
    }

    private static ClientSpoke Scattered(TaskRun run, int bytesEach)
    {
        var values = new ByteColumnBuilder();
        for (var i = 0; i < run.Count; i++)
        {
            values.Add(new byte[bytesEach]);
        }

        return new ClientSpoke(Session) { Scattered = [new ScatteredValues(run.First, values.Build())] };
    }

    private Submission WithArguments(int bytes)
    {
        var run = _harness.New().Run;
        return new Submission { First = run.First, Count = run.Count, Function = 1, SharedArguments = new byte[bytes] };
    }
}
