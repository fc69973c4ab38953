using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>After the scheduler was lost and found: what goes on, and what is dropped.</summary>
public sealed partial class WorkerCore
{
    /// <summary>Copies from before the scheduler was lost.</summary>
    private readonly List<TaskRun> _leftovers = [];

    /// <summary>What runs or waits inside, and is still wanted: to be told to the scheduler after <see cref="CameBack"/>.</summary>
    public void AddRunning(List<AttemptRun> running)
    {
        foreach (var work in _slots)
        {
            AddRunning(work, running);
        }

        foreach (var work in _waits)
        {
            AddRunning(work, running);
        }
    }

    /// <summary>What was made here, or was copied because the scheduler wanted it here.</summary>
    public void AddOwnResults(List<OwnResults> results) => _stored.AddOwn(results);

    private void AddRunning(SlotWork? work, List<AttemptRun> running)
    {
        if (work is null)
        {
            return;
        }

        _wanted.Clear();
        _unwanted.Clear();
        work.SplitWanted(work.Rest, _wanted, _unwanted);
        foreach (var run in _wanted)
        {
            running.Add(new AttemptRun(run, work.Assignment.Attempt));
        }
    }

    private void OnCameBack(WorkerActionList actions)
    {
        _found.Clear();
        _ranges.CopyTo(_found);
        foreach (var range in _found)
        {
            _story.Add(_nowMs, StoryStep.LeftBehind, range.Run, range.Assignment.Attempt);
            Withdraw(range, range.Run);
        }

        _holders.Clear();
        actions.Reports.KeepEnds();
        foreach (var work in _slots)
        {
            work?.IsFromBefore = true;
        }

        foreach (var work in _waits)
        {
            work.IsFromBefore = true;
            if (!work.IsCancelled(work.Rest.First))
            {
                WorkerReports.Append(actions.Reports.WaitingInside, work.Tasks);
            }
        }

        _leftovers.Clear();
        _stored.AddCopies(_leftovers);
    }

    private static bool MayReadCopies(SlotWork? work) => work is { IsFromBefore: true } or { Assignment.Inputs: not null };

    /// <summary>Copies that nobody knows of are freed when nothing runs any more that may still read them.</summary>
    private void FreeLeftovers(WorkerActionList actions)
    {
        // What was given since may read them too: it found them in the store when it began.
        if (_leftovers.Count == 0 || _slots.Any(static work => MayReadCopies(work)) || _waits.Exists(MayReadCopies))
        {
            return;
        }

        foreach (var run in _leftovers)
        {
            _stored.Remove(run, actions.Frees);
        }

        _leftovers.Clear();
    }
}
