using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests.Tables;

public sealed class ReadyLaneTests
{
    private readonly ReadyLane _lane = new();

    [Fact]
    public void Consumers_come_before_roots_newest_first_and_roots_in_their_order()
    {
        _lane.PushRoots(Run(10, 2), Run(10, 2));
        _lane.PushConsumers(Run(20));
        _lane.PushRoots(Run(30), Run(30));
        _lane.PushConsumers(Run(40));
        Assert.Equal([Run(40), Run(20), Run(10, 2), Run(30)], TakeAll());
        Assert.True(_lane.IsEmpty);
    }

    [Fact]
    public void Neighbouring_consumers_become_one_run_from_either_side()
    {
        _lane.PushConsumers(Run(5));
        _lane.PushConsumers(Run(6));
        _lane.PushConsumers(Run(4));
        Assert.Equal([Run(4, 3)], TakeAll());
    }

    [Fact]
    public void Neighbouring_roots_of_one_submission_become_one_run_from_either_side()
    {
        var (first, second) = (Run(1, 5), Run(6, 5));
        _lane.PushRoots(Run(3), first);
        Assert.True(_lane.TryPeek(out _));
        _lane.PushRoots(Run(4), first);
        _lane.PushRoots(Run(2), first);
        _lane.PushRoots(Run(5), first);
        _lane.PushRoots(Run(6), second);
        _lane.PushRoots(Run(7), second);
        Assert.Equal([Run(2, 4), Run(6, 2)], _lane.Runs);
        Assert.Equal([Run(2, 4), Run(6, 2)], TakeAll());
    }

    [Fact]
    public void Roots_keep_their_order_however_many_come_and_go()
    {
        List<TaskRun> taken = [];
        for (var i = 0u; i < 10_000; i++)
        {
            _lane.PushRoots(Run(i * 10), Run(i * 10));
            _lane.PushRoots(Run((i * 10) + 5), Run((i * 10) + 5));
            Assert.True(_lane.TryPeek(out var run));
            taken.Add(run);
            _lane.Take(1);
        }

        Assert.Equal(Enumerable.Range(0, 20_000).Select(static i => Run((ulong)i * 5)), [.. taken, .. TakeAll()]);
        Assert.True(_lane.IsEmpty);
    }

    [Fact]
    public void A_part_of_a_run_is_taken_from_its_front_and_a_consumer_goes_before_the_rest_of_begun_roots()
    {
        _lane.PushRoots(Run(1, 3), Run(1, 3));
        Assert.True(_lane.TryPeek(out _));
        _lane.Take(1);
        _lane.PushConsumers(Run(10, 4));
        Assert.True(_lane.TryPeek(out _));
        _lane.Take(3);
        Assert.Equal([Run(13), Run(2, 2)], TakeAll());
        Assert.False(_lane.TryPeek(out _));
    }

    private static TaskRun Run(ulong first, int count = 1) => new(new TaskId(new SessionId(1), first), count);

    private List<TaskRun> TakeAll()
    {
        var taken = new List<TaskRun>();
        while (_lane.TryPeek(out var run))
        {
            taken.Add(run);
            _lane.Take(run.Count);
        }

        return taken;
    }
}
