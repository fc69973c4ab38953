using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests.Behaviours;

/// <summary>What users may count on when memory is short. The numbers are those of docs/behaviours.md.</summary>
public sealed class PausingBehaviours
{
    private readonly SchedulerHarness _harness = new();

    /// <summary>32.</summary>
    [Fact]
    public void Paused_workers_neither_receive_nor_steal_unpausing_resumes()
    {
        _harness.Learn(durationNs: 2_000_000);
        _harness.Join(1);
        _harness.Join(2);
        _harness.Apply(_harness.Spoke(2) with { Pauses = 1 });
        var backlog = _harness.New(8);
        Assert.Equal([1], Assignments(_harness.Submit(backlog)).Select(action => action.Target).Distinct());

        // It is idle, and there is a queue that anyone else would be given half of.
        Assert.Empty(_harness.Apply(_harness.Spoke(2)));

        var asked = Assert.Single(_harness.Apply(_harness.Spoke(2) with { Pauses = 2 }), action => action.Kind == ActionKind.Retract);
        Assert.Equal(1, asked.Target);
        var given = Assignments(_harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(asked.Run, asked.Attempt)] }));
        Assert.Equal([2], given.Select(action => action.Target).Distinct());
    }
}
