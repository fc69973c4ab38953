using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests.Behaviours;

/// <summary>What users may count on when tasks are cancelled, run again and let go. The numbers are those of docs/behaviours.md.</summary>
public sealed class CancellationBehaviours
{
    private static readonly TaskOptions Gpu = new() { Resources = ResourceAmounts.Parse("GPU=1") };

    private readonly SchedulerHarness _harness = new();

    /// <summary>16.</summary>
    [Fact]
    public void An_error_from_a_cancelled_run_arriving_late_is_rejected_in_favour_of_the_newer_run()
    {
        _harness.Join(1);
        var a = _harness.New();
        var old = Assigned(_harness.Submit(a), a.Run);
        _harness.Cancel(a.Run);
        var newer = Assigned(_harness.Retry(a.Run), a.Run);
        Assert.Empty(_harness.Fail(old));
        Assert.Equal(["TellOutcome 1.1 -> 1 Done"], Lines(_harness.Complete(1, newer)));
    }

    /// <summary>17.</summary>
    [Fact]
    public void Cancel_between_about_to_fetch_and_fetch_started_while_the_source_worker_closes_no_deadlock()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        var b = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] }, On(a.First));
        _harness.Submit(b);
        _harness.Apply(new ClientSpoke(Session) { Cancelled = [b.Run] }, new WorkerLost(new WorkerId(1), "closing", IsGraceful: true));
        _harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] });
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(b.Run));

        // The source is made again where there is room, and the cancelled task can be retried.
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(a.Run));
        _harness.Retry(b.Run);
        Assert.NotEqual(TaskPhase.Failed, _harness.PhaseOf(b.Run));
    }

    /// <summary>18.</summary>
    [Fact]
    public void Stale_long_running_notice_from_an_old_run_on_worker_A_must_not_alter_the_bookkeeping_of_the_current_run_on_B()
    {
        _harness.Join(1);
        var a = _harness.New();
        var old = Assigned(_harness.Submit(a), a.Run);
        _harness.Apply(new WorkerJoined(new WorkerId(2), new WorkerDescription { Name = "worker-2" }), new WorkerLost(new WorkerId(1), "cut off", IsGraceful: false));
        Assert.Equal((1, 0, 0L), _harness.LoadOf(2));
        _harness.Join(1, name: "worker-1 again");

        // From whichever of them it seems to come.
        foreach (var worker in new[] { 1, 2 })
        {
            _harness.Apply(_harness.Spoke(worker) with { WaitingInside = [new AttemptRun(a.Run, old.Attempt)] });
        }

        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(a.Run));
        Assert.Equal((1, 0, 0L), _harness.LoadOf(2));
        Assert.Equal(2, _harness.Core.Drops[DropReason.StaleAttempt]);
    }

    /// <summary>19.</summary>
    [Theory]
    [InlineData("cancel")]
    [InlineData("error")]
    [InlineData("retry after an error")]
    [InlineData("given back")]
    [InlineData("done")]
    [InlineData("released")]
    public void Cancelled_tasks_release_abstract_resources_exactly_once_also_on_error_reschedule_resume_with_different_needs(string how)
    {
        _harness.Join(1, slots: 4, resources: ResourceAmounts.Parse("GPU=2"));
        var a = _harness.New(1, 1, Gpu with { Retries = how == "retry after an error" ? 1 : 0 });
        var assigned = Assigned(_harness.Submit(a), a.Run);
        var whole = _harness.New(2, 1, new TaskOptions { Priority = 1, Resources = ResourceAmounts.Parse("GPU=2") });
        Assert.Empty(Assignments(_harness.Submit(whole)));
        var ended = how switch
        {
            "cancel" => _harness.Cancel(a.Run),
            "error" or "retry after an error" => _harness.Fail(assigned),
            "given back" => _harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(a.Run, assigned.Attempt)] }),
            "done" => _harness.Complete(1, assigned),
            _ => _harness.Release(a.Run),
        };

        // What comes next needs more than the one gave back, and gets it: both are free, so one such task goes out, and not two.
        var next = Assert.Single(Assignments(ended));
        Assert.Equal(whole.First, next.Run.First);
        Assert.Equal(1, next.Run.Count);

        // Whatever is still said of the first run gives nothing back a second time.
        _harness.Complete(1, assigned);
        _harness.Fail(assigned);
        _harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(a.Run, assigned.Attempt)] });
        _harness.Cancel(a.Run);
        Assert.Equal(1, _harness.Core.CountOf(TaskPhase.Assigned));

        // What was cancelled or failed resumes when there is enough again.
        _harness.Retry(a.Run);
        Assert.Equal(1, _harness.Core.CountOf(TaskPhase.Assigned));
        Assert.Single(Assignments(_harness.Complete(1, next)));
    }

    /// <summary>22.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Dropping_the_last_handle_to_an_intermediate_forgets_its_whole_private_subgraph_in_flight_or_not_but_keeps_shared_ancestors(int done)
    {
        _harness.Learn();
        _harness.Join(1);
        var shared = _harness.New();
        var mine = _harness.New(1, 1, null, On(shared.First));
        var middle = _harness.New(1, 1, null, On(mine.First));
        var end = _harness.New(1, 1, null, On(middle.First));
        Submission[] chain = [shared, mine, middle, end];
        var actions = _harness.Submit(chain);
        foreach (var link in chain.Take(done))
        {
            actions.AddRange(_harness.CompleteStored(Assigned(actions, link.Run)));
        }

        _harness.Release(mine.Run);
        _harness.Release(middle.Run);
        Assert.Equal(4, _harness.Core.LiveTasks);
        var lines = Lines(_harness.Release(end.Run));
        Assert.Equal(1, _harness.Core.LiveTasks);
        Assert.NotNull(_harness.PhaseOf(shared.Run));

        // Nothing of it is left at the worker: runs are cancelled and results are freed.
        var inFlight = actions.Where(action => action.Kind == ActionKind.Assign).Select(action => action.Run).Where(run => run.First.Sequence > (ulong)Math.Max(done, 1));
        Assert.All(inFlight, run => Assert.Contains($"Cancel {run} -> 1", lines));
        Assert.Equal(done == 3, lines.Contains($"Free {middle.Run} -> 1"));
    }

    /// <summary>23. There are no published names yet; what other sessions need stands for them.</summary>
    [Fact]
    public void Client_disconnect_releases_only_that_clients_keys_published_ones_and_other_clients_remain()
    {
        var other = new SessionId(2);
        _harness.Apply(new SessionAttached(other));
        var a = _harness.New(3);
        var shared = _harness.New();
        var theirs = new Submission { First = new TaskId(other, 1), Count = 1, Function = 1, Rules = [On(shared.First)] };
        _harness.Submit(a, shared);
        _harness.Apply(new ClientSpoke(other) { Submissions = [theirs] });

        // A lost connection alone releases nothing until the session's time is up.
        _harness.Apply(new SessionDetached(Session));
        Assert.Equal(5, _harness.Core.LiveTasks);
        _harness.NowMs = _harness.Core.NextDeadlineMs;
        _harness.Apply(new ClockTicked());
        Assert.Null(_harness.PhaseOf(a.Run));
        Assert.NotNull(_harness.PhaseOf(shared.Run));
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(theirs.Run));
        Assert.Equal(1, _harness.Core.SessionCount);

        // A goodbye does at once, and now nobody needs what was shared.
        _harness.Apply(new ClientSpoke(other) { Goodbye = true });
        Assert.Equal(0, _harness.Core.LiveTasks);
    }
}
