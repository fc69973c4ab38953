using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Work moves to who is idle, once, and only when it is worth it.</summary>
public sealed class StealingTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void The_head_of_a_chain_is_not_moved_on_account_of_the_links_that_follow_it()
    {
        _harness.Join(1);
        var a = _harness.New(1, 9);
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run), bytes: 20_000);
        var chain = new List<Submission> { _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-1", "worker-2"] }, On(a.First)) };
        for (var i = 0; i < 5; i++)
        {
            chain.Add(_harness.New(1, 1, null, On(chain[^1].First)));
        }

        _harness.Submit([.. chain]);
        Assert.DoesNotContain(_harness.Join(2), action => action.Kind == ActionKind.Retract && action.Run.Contains(chain[0].First));
    }
}
