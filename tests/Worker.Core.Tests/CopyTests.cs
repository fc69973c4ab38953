using Weft.Primitives;
using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

/// <summary>Results that the scheduler wants here whether or not a task here needs them.</summary>
public sealed class CopyTests
{
    private readonly WorkerBed _bed = new();

    [Fact]
    public void A_copy_that_was_ordered_is_announced_as_if_it_had_been_made_here()
    {
        Ask(0, Second);
        var fetch = _bed.Fetch.Fetch;
        _bed.Step(new ValueFetched(fetch, Id(0), 77));
        Assert.Equal([Run(0)], _bed.Reports.Held);
        var own = Assert.Single(Announced());
        Assert.Equal(At(0, 1, Second), own.Tasks);
        Assert.Equal([77L], own.StoredBytes.ToArray());
        _bed.Step(new CameBack());
        Assert.Empty(_bed.Actions.Frees);
        Assert.Equal(77, _bed.Core.StoredBytes);
    }

    [Fact]
    public void A_copy_that_is_here_already_for_a_task_is_relied_on_from_now_on()
    {
        _bed.Give(0, 5);
        Assert.Empty(Announced());
        Ask(2, First);
        Assert.Equal([Run(2)], _bed.Reports.Held);
        Assert.Equal(At(2), Assert.Single(Announced()).Tasks);
        _bed.Step(new CameBack());
        Assert.Equal([Run(0, 2), Run(3, 2)], _bed.Actions.Frees);
        Assert.Equal(1, _bed.Core.StoredBytes);
    }

    [Fact]
    public void A_copy_of_what_no_attempt_made_is_not_announced()
    {
        Ask(0, Attempt.None);
        _bed.Step(new ValueFetched(_bed.Fetch.Fetch, Id(0), 77));
        Assert.Empty(Announced());
    }

    [Fact]
    public void Values_are_confirmed_when_that_is_asked_for()
    {
        _bed.Give(0);
        Assert.Empty(_bed.Reports.Held);
        _bed.Step(new ValuesGiven(Run(1, 2), Values(2), Confirm: true));
        Assert.Equal([Run(1, 2)], _bed.Reports.Held);
    }

    private void Ask(ulong task, Attempt attempt) => _bed.Step(new CopiesAsked(new HoldersNamed(Run(task), 100, [Ada]), attempt));

    private List<OwnResults> Announced()
    {
        var own = new List<OwnResults>();
        _bed.Core.AddOwnResults(own);
        return own;
    }
}
