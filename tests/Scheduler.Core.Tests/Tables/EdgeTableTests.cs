using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests.Tables;

public sealed class EdgeTableTests
{
    private readonly EdgeTable _edges = new();

    [Fact]
    public void A_list_is_walked_newest_first()
    {
        var head = EdgeTable.None;
        Add(ref head, 1, 2, 3);
        Assert.Equal([3, 2, 1], Targets(head));
        Assert.Equal(3, _edges.Count);
    }

    [Theory]
    [InlineData(1, new ulong[] { 3, 2, 3, 2 })]
    [InlineData(2, new ulong[] { 3, 3, 1 })]
    [InlineData(3, new ulong[] { 2, 2, 1 })]
    [InlineData(4, new ulong[] { 3, 2, 3, 2, 1 })]
    public void Every_edge_to_one_target_is_removed_wherever_it_stands(ulong target, ulong[] left)
    {
        var head = EdgeTable.None;
        Add(ref head, 1, 2, 3, 2, 3);
        _edges.Remove(ref head, Id(target));
        Assert.Equal(left, Targets(head));
        Assert.Equal(left.Length, _edges.Count);
    }

    [Fact]
    public void Edges_that_were_given_back_are_used_again_and_other_lists_stay()
    {
        var first = EdgeTable.None;
        var second = EdgeTable.None;
        for (ulong i = 0; i < 100; i++)
        {
            Add(ref first, i);
            Add(ref second, 1000 + i);
        }

        _edges.Clear(ref first);
        Assert.Equal(EdgeTable.None, first);
        Assert.Equal(100, _edges.Count);
        Add(ref first, 7);
        Assert.Equal([7], Targets(first));
        Assert.InRange(first, 0, 199);
        Assert.Equal(Enumerable.Range(1000, 100).Reverse().Select(i => (ulong)i), Targets(second));
    }

    private static TaskId Id(ulong sequence) => new(new SessionId(1), sequence);

    private void Add(ref int head, params ulong[] targets)
    {
        foreach (var target in targets)
        {
            _edges.Add(ref head, Id(target));
        }
    }

    private List<ulong> Targets(int head)
    {
        var targets = new List<ulong>();
        for (var edge = head; edge != EdgeTable.None; edge = _edges.NextOf(edge))
        {
            targets.Add(_edges.TargetOf(edge).Sequence);
        }

        return targets;
    }
}
