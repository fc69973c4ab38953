using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>Tasks come, are withdrawn, and are taken back.</summary>
public sealed partial class WorkerCore
{
    private void OnTasksAssigned(Assignment assignment, WorkerActionList actions)
    {
        if (assignment.Run.Count <= 0)
        {
            return;
        }

        _story.Add(_nowMs, StoryStep.Assigned, assignment.Run, assignment.Attempt);
        var arrival = _arrivals++;
        _known.Clear();
        SettleQueued(assignment);
        SettleRunning(assignment, actions);
        if (_known.Count == 0)
        {
            Admit(assignment, assignment.Run, arrival, actions);
            return;
        }

        _known.Sort(static (left, right) => left.First.CompareTo(right.First));
        var from = assignment.Run.First;
        foreach (var known in _known)
        {
            AdmitGap(assignment, from, known.First, arrival, actions);
            from = known.End;
        }

        AdmitGap(assignment, from, assignment.Run.End, arrival, actions);
    }

    /// <summary>Members that are queued here already: the newer attempt stays.</summary>
    private void SettleQueued(Assignment assignment)
    {
        _found.Clear();
        _ranges.Overlapping(assignment.Run, _found);
        foreach (var range in _found)
        {
            var members = Intersect(range.Run, assignment.Run);
            if (range.Assignment.Attempt.Value >= assignment.Attempt.Value)
            {
                DropAssigned(range.Assignment.Attempt, assignment.Attempt);
                _known.Add(members);
            }
            else
            {
                _story.Add(_nowMs, StoryStep.Superseded, members, range.Assignment.Attempt);
                Withdraw(range, members);
            }
        }
    }

    /// <summary>Members that run here already: the newer attempt stays.</summary>
    private void SettleRunning(Assignment assignment, WorkerActionList actions)
    {
        foreach (var work in _slots)
        {
            SettleRunning(work, assignment, actions);
        }

        foreach (var work in _waits)
        {
            SettleRunning(work, assignment, actions);
        }
    }

    private void SettleRunning(SlotWork? work, Assignment assignment, WorkerActionList actions)
    {
        if (work is null || Intersect(work.Rest, assignment.Run) is not { Count: > 0 } members)
        {
            return;
        }

        if (work.Assignment.Attempt.Value < assignment.Attempt.Value)
        {
            CancelRunning(work, members, actions);
            return;
        }

        _wanted.Clear();
        _unwanted.Clear();
        work.SplitWanted(members, _wanted, _unwanted);
        foreach (var run in _wanted)
        {
            DropAssigned(work.Assignment.Attempt, assignment.Attempt);
            _known.Add(run);
        }
    }

    private void DropAssigned(Attempt here, Attempt assigned) =>
        Drop(here == assigned ? DropReason.DuplicateAssignment : DropReason.StaleAssignment);

    private void AdmitGap(Assignment assignment, TaskId from, TaskId to, long arrival, WorkerActionList actions)
    {
        if (to.Value > from.Value)
        {
            Admit(assignment, new TaskRun(from, (int)(to - from)), arrival, actions);
        }
    }

    /// <summary>Queues members: as one range where all inputs are here, singly where some are not.</summary>
    private void Admit(Assignment assignment, TaskRun members, long arrival, WorkerActionList actions)
    {
        if (assignment.Inputs is not { } inputs)
        {
            AddReady(new LocalRange(assignment, members, arrival));
            return;
        }

        var ready = 0;
        for (var offset = 0; offset < members.Count; offset++)
        {
            if (HasInputs(inputs, assignment.PlaceOf(members.First + offset)))
            {
                ready++;
                continue;
            }

            AddReady(assignment, members.Slice(offset - ready, ready), arrival);
            ready = 0;
            AddBlocked(new LocalRange(assignment, members.Slice(offset, 1), arrival), actions);
        }

        AddReady(assignment, members.Slice(members.Count - ready, ready), arrival);
    }

    private void AddReady(Assignment assignment, TaskRun members, long arrival)
    {
        if (members.Count > 0)
        {
            AddReady(new LocalRange(assignment, members, arrival) { RemovalsSeen = _stored.Removals });
        }
    }

    private void AddReady(LocalRange range)
    {
        _ranges.Add(range);
        QueuedTasks += range.Run.Count;
        _ready.Add(range);
    }

    private void AddBlocked(LocalRange range, WorkerActionList actions)
    {
        _ranges.Add(range);
        QueuedTasks++;
        Block(range, actions);
        _story.Add(_nowMs, StoryStep.Blocked, range.Run, range.Assignment.Attempt);
    }

    private void OnRetractAsked(AttemptRun asked, WorkerActionList actions)
    {
        var from = asked.Run.First;
        _found.Clear();
        _ranges.Overlapping(asked.Run, _found);
        foreach (var range in _found)
        {
            var members = Intersect(range.Run, asked.Run);
            AnswerNotRetracted(asked, from, members.First, actions);
            from = members.End;
            if (range.Assignment.Attempt != asked.Attempt)
            {
                AnswerNotRetracted(asked, members.First, members.End, actions);
                continue;
            }

            Withdraw(range, members);
            _story.Add(_nowMs, StoryStep.Retracted, members, asked.Attempt);
            WorkerReports.Append(actions.Reports.Retracted, new AttemptRun(members, asked.Attempt));
        }

        AnswerNotRetracted(asked, from, asked.Run.End, actions);
    }

    private void AnswerNotRetracted(AttemptRun asked, TaskId from, TaskId to, WorkerActionList actions)
    {
        if (to.Value > from.Value)
        {
            var members = new TaskRun(from, (int)(to - from));
            _story.Add(_nowMs, StoryStep.NotRetracted, members, asked.Attempt);
            WorkerReports.Append(actions.Reports.NotRetracted, new AttemptRun(members, asked.Attempt));
        }
    }

    private void OnCancelAsked(AttemptRun asked, WorkerActionList actions)
    {
        var hit = false;
        _found.Clear();
        _ranges.Overlapping(asked.Run, _found);
        foreach (var range in _found)
        {
            if (range.Assignment.Attempt == asked.Attempt)
            {
                Withdraw(range, Intersect(range.Run, asked.Run));
                hit = true;
            }
        }

        foreach (var work in _slots)
        {
            hit |= CancelRunning(work, asked, actions);
        }

        foreach (var work in _waits)
        {
            hit |= CancelRunning(work, asked, actions);
        }

        if (hit)
        {
            _story.Add(_nowMs, StoryStep.Cancelled, asked.Run, asked.Attempt);
        }
        else
        {
            Drop(DropReason.UnknownCancel);
        }
    }

    private bool CancelRunning(SlotWork? work, AttemptRun asked, WorkerActionList actions)
    {
        if (work is null || work.Assignment.Attempt != asked.Attempt || Intersect(work.Rest, asked.Run) is not { Count: > 0 } members)
        {
            return false;
        }

        CancelRunning(work, members, actions);
        return true;
    }

    private void CancelRunning(SlotWork work, TaskRun members, WorkerActionList actions)
    {
        _wanted.Clear();
        _unwanted.Clear();
        work.SplitWanted(members, _wanted, _unwanted);
        foreach (var run in _wanted)
        {
            work.Cancel(run);
            actions.Cancels.Add(new AttemptRun(run, work.Assignment.Attempt));
        }
    }

    /// <summary>Takes members out of a range that has not begun.</summary>
    private void Withdraw(LocalRange range, TaskRun members)
    {
        QueuedTasks -= members.Count;
        if (members.Count < range.Run.Count)
        {
            Cut(range, members);
            return;
        }

        _ranges.Remove(range);
        if (range.Phase == LocalPhase.Ready)
        {
            _ready.Withdraw(range);
        }
        else
        {
            Unblock(range);
        }
    }

    private void Cut(LocalRange range, TaskRun members)
    {
        var left = (int)(members.First - range.Run.First);
        var right = range.Run.Count - left - members.Count;
        var tail = range.Run.Slice(left + members.Count, right);
        if (left == 0)
        {
            range.Run = tail;
            return;
        }

        range.Run = range.Run.Slice(0, left);
        if (right > 0)
        {
            var rest = new LocalRange(range.Assignment, tail, range.Arrival) { RemovalsSeen = range.RemovalsSeen };
            _ranges.Add(rest);
            _ready.Add(rest);
        }
    }
}
