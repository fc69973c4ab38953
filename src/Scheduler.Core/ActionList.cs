using System.Runtime.InteropServices;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// The actions of one step, in order. Neighbouring runs of the same order to the same peer become one, so that
/// what was released or freed task by task leaves as ranges.
/// </summary>
public sealed class ActionList
{
    /// <summary>The longest run that a message may speak of.</summary>
    internal const int RunMax = 1 << 20;

    private readonly List<SchedulerAction> _actions = [];

    public int Count => _actions.Count;

    public ReadOnlySpan<SchedulerAction> Span => CollectionsMarshal.AsSpan(_actions);

    public SchedulerAction this[int index] => _actions[index];

    public void Add(SchedulerAction action) => _actions.Add(action);

    /// <summary>Adds an action that says nothing more than its run, joined with the one before where that is possible.</summary>
    public void AddRun(ActionKind kind, int target, TaskRun run, Attempt attempt = default)
    {
        if (_actions.Count > 0)
        {
            var last = _actions[^1];
            var joined = last.Run.Count + run.Count;
            if (last.Kind == kind && last.Target == target && last.Attempt == attempt && joined <= RunMax)
            {
                if (last.Run.End == run.First)
                {
                    _actions[^1] = last with { Run = new TaskRun(last.Run.First, joined) };
                    return;
                }

                // What is dropped comes off a stack, last first.
                if (run.End == last.Run.First)
                {
                    _actions[^1] = last with { Run = new TaskRun(run.First, joined) };
                    return;
                }
            }
        }

        _actions.Add(new SchedulerAction(kind, target, run) { Attempt = attempt });
    }

    public void Replace(int index, SchedulerAction action) => _actions[index] = action;

    public void Clear() => _actions.Clear();
}
