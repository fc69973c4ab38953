using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>News for one waiter, to be told once the lock has been left.</summary>
internal readonly record struct Delivery(Waiter Waiter, TaskRun Tasks, SessionAction Action, TaskFailure? Failure)
{
    public void Make()
    {
        if (Action.Kind == SessionActionKind.DeliverValues)
        {
            var offset = (int)(Tasks.First - Action.Tasks.First);
            Waiter.OnValues(Tasks, Action.Values.Slice(offset, Tasks.Count));
            return;
        }

        Waiter.OnOutcome(Tasks, Action.Phase, Failure);
    }
}
