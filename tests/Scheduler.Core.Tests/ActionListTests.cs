using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests;

public sealed class ActionListTests
{
    private readonly ActionList _actions = new();

    [Fact]
    public void Neighbouring_runs_of_one_order_to_one_peer_become_one()
    {
        Add(ActionKind.Free, 1, 1, 2);
        Add(ActionKind.Free, 1, 3);
        Assert.Equal(new TaskRun(Id(1), 3), Assert.Single(_actions.Span.ToArray()).Run);
    }

    [Fact]
    public void Runs_that_come_in_falling_order_become_one_too()
    {
        Add(ActionKind.Free, 1, 3);
        Add(ActionKind.Free, 1, 2);
        Add(ActionKind.Free, 1, 1);
        Assert.Equal(new TaskRun(Id(1), 3), Assert.Single(_actions.Span.ToArray()).Run);
    }

    [Fact]
    public void Runs_of_another_order_peer_attempt_or_place_stay_apart()
    {
        Add(ActionKind.Free, 1, 1);
        Add(ActionKind.Cancel, 1, 2);
        Add(ActionKind.Cancel, 2, 3);
        _actions.AddRun(ActionKind.Cancel, 2, new TaskRun(Id(4)), new Attempt(1, 1));
        _actions.AddRun(ActionKind.Cancel, 2, new TaskRun(Id(6)), new Attempt(1, 1));
        Assert.Equal(5, _actions.Count);
    }

    [Fact]
    public void No_run_grows_beyond_what_a_message_may_speak_of()
    {
        Add(ActionKind.Free, 1, 0, ActionList.RunMax - 1);
        Add(ActionKind.Free, 1, ActionList.RunMax - 1);
        Add(ActionKind.Free, 1, ActionList.RunMax);
        Assert.Equal([ActionList.RunMax, 1], _actions.Span.ToArray().Select(action => action.Run.Count));
    }

    private static TaskId Id(ulong sequence) => new(new SessionId(1), sequence);

    private void Add(ActionKind kind, int target, ulong first, int count = 1) => _actions.AddRun(kind, target, new TaskRun(Id(first), count));
}
