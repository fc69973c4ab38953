using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Workers that are to go, and what others take over from them.</summary>
public sealed class LeavingTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void Who_could_not_copy_what_its_task_waits_for_too_is_answered_for_the_task()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        var b = _harness.New(1, 2, new TaskOptions { AllowedWorkers = ["worker-2"] }, On(a.First));
        Assigned(_harness.Submit(b), b.Run);
        Assert.Contains("SendCopies 1.1 -> 2", Lines(_harness.Apply(new DrainAsked([new WorkerId(1)], "maintenance"))));

        // It asks once for both: for its task it is told again who has the result.
        Assert.Contains("SendHolders 1.1 -> 2", Lines(_harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] })));
    }

    [Fact]
    public void Who_could_not_copy_what_no_task_there_waits_for_tries_again_and_nothing_is_lost()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        _harness.Apply(new DrainAsked([new WorkerId(1)], "maintenance"));
        Assert.Empty(_harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] }));
        Assert.Equal(["SendCopies 1.1 -> 2"], Lines(_harness.Apply(_harness.Spoke(2))));
        Assert.Equal([ActionKind.StopWorker], _harness.Apply(_harness.Spoke(2) with { Held = [a.Run] }).Select(action => action.Kind));
    }

    [Fact]
    public void A_second_holder_that_leaves_too_stays_until_the_copy_that_was_begun_for_the_first_is_there()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        _harness.Apply(_harness.Spoke(2) with { Held = [a.Run] });
        _harness.Join(3);
        Assert.Equal(["SendCopies 1.1 -> 3"], Lines(_harness.Apply(new DrainAsked([new WorkerId(1), new WorkerId(2)], "maintenance"))));

        // The first is lost before the copy is made: what the second holds is all there is.
        Assert.Empty(_harness.Lose(1));
        Assert.Equal([ActionKind.StopWorker], _harness.Apply(_harness.Spoke(3) with { Held = [a.Run] }).Select(action => action.Kind));
    }
}
