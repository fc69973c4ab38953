using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Where tasks run. Called once for each batch of events.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>What a task is taken to last before any of its function has ended.</summary>
    private const long UnknownNs = 10_000_000;

    /// <summary>A queue shorter than this is not worth a move.</summary>
    private const long StealFromNs = 1_000_000;

    private readonly List<(int Priority, TaskShape Shape, ReadyLane Lane)> _lanes = [];
    private readonly PriorityQueue<WorkerEntry, (long WaitNs, int Id)> _candidates = new();

    /// <summary>Places what is ready, hands chains ahead, and takes back from long queues what others could begin.</summary>
    /// <param name="budget">The most placements to make; what is left over is found by the next call.</param>
    /// <returns>Whether the budget ran out before the work did.</returns>
    public bool Plan(int budget, ActionList actions)
    {
        _actions = actions;
        LookAtBudget();
        AnswerMissing();
        PlanLeaving();
        PlanPausing();
        PlanCopyRequests();
        PlanHolders();
        HandAhead(ref budget);
        _lanes.Clear();
        foreach (var shape in _shapes)
        {
            foreach (var (priority, lane) in shape.Lanes)
            {
                if (!lane.IsEmpty)
                {
                    _lanes.Add((priority, shape, lane));
                }
            }
        }

        _lanes.Sort(static (left, right) => left.Priority != right.Priority
            ? right.Priority.CompareTo(left.Priority)
            : left.Shape.Number.CompareTo(right.Shape.Number));
        foreach (var (priority, shape, lane) in _lanes)
        {
            PlaceLane(shape, lane, ref budget);
            if (lane.IsEmpty)
            {
                shape.Lanes.Remove(priority);
            }
        }

        HandAhead(ref budget);
        RetractForIdle();
        return budget <= 0;
    }

    private void PlaceLane(TaskShape shape, ReadyLane lane, ref int budget)
    {
        _candidates.Clear();
        var slots = 0;
        foreach (var worker in _workers.Values)
        {
            if (shape.Fits(worker))
            {
                slots += worker.Slots;
                _candidates.Enqueue(worker, (worker.WaitNs, worker.Id.Value));
            }
        }

        while (budget > 0 && slots > 0 && TryNext(lane, out var run, out var slot))
        {
            var submission = SubmissionOf(slot).Spec;
            var placed = !submission.HasInputs || ImmediateBytes(slot) >= 0
                ? PlaceRange(shape, submission, run, slots)
                : PlaceByData(shape, submission, slot);
            if (placed == 0)
            {
                return;
            }

            lane.Take(placed);
            budget--;
        }
    }

    /// <summary>The lane's next run that begins with a ready task; entries that are not ready any more are taken out on the way.</summary>
    private bool TryNext(ReadyLane lane, out TaskRun run, out int slot)
    {
        while (lane.TryPeek(out run))
        {
            slot = _tasks.Find(run.First);
            if (slot >= 0 && IsToBeGiven(slot))
            {
                return true;
            }

            lane.Take(1);
        }

        slot = TaskTable.None;
        return false;
    }

    /// <summary>Places tasks whose inputs, if any, are all here: to the worker with the shortest wait, as many as are its share.</summary>
    private int PlaceRange(TaskShape shape, Submission submission, TaskRun run, int slots)
    {
        while (_candidates.TryDequeue(out var worker, out var key))
        {
            if (key.WaitNs != worker.WaitNs)
            {
                _candidates.Enqueue(worker, (worker.WaitNs, worker.Id.Value));
                continue;
            }

            var room = RoomFor(worker, shape, submission);
            if (room <= 0)
            {
                continue; // Nothing more goes there in this call: rooms only shrink.
            }

            var share = (int)Math.Min(int.MaxValue, (((long)run.Count * worker.Slots) + slots - 1) / slots);
            var count = Math.Min(Math.Min(room, share), run.Count);
            count = submission.HasInputs ? InlineReadyPrefix(submission, run, count) : ReadyPrefix(submission, run, count);

            // Of a submission with lists of inputs some tasks may have none.
            var hasInputs = submission.InputCount((int)(run.First - submission.First)) > 0;
            Assign(worker, shape, submission, new TaskRun(run.First, count), hasInputs ? InputForm.Immediate : InputForm.None);
            _candidates.Enqueue(worker, (worker.WaitNs, worker.Id.Value));
            return count;
        }

        return 0;
    }

    /// <summary>Places one task to the worker where it can begin first: the wait there, and what must be moved there.</summary>
    private int PlaceByData(TaskShape shape, Submission submission, int slot)
    {
        WorkerEntry? best = null;
        var bestCost = long.MaxValue;
        var task = (int)(_tasks.IdOf(slot) - submission.First);
        var inputs = submission.InputCount(task);
        for (var k = 0; k < inputs; k++)
        {
            foreach (var holder in HoldersOf(_tasks.Find(submission.Input(task, k))))
            {
                if (_workers.TryGetValue(holder, out var worker) && shape.Fits(worker))
                {
                    Consider(worker);
                }
            }
        }

        while (_candidates.TryPeek(out var idle, out var key))
        {
            if (key.WaitNs == idle.WaitNs)
            {
                Consider(idle);
                break;
            }

            _candidates.EnqueueDequeue(idle, (idle.WaitNs, idle.Id.Value));
        }

        if (best is null || best.Assigned >= _options.PrefillTasksMax * best.Slots
            || (!submission.Options.Idempotent && best.Assigned - best.WaitingInside > best.Slots) || (shape.NeedsResources && !best.HasResources(shape.Resources)))
        {
            return 0;
        }

        Assign(best, shape, submission, new TaskRun(_tasks.IdOf(slot)), InputForm.ById);
        return 1;

        void Consider(WorkerEntry worker)
        {
            if (shape.NeedsResources && !worker.HasResources(shape.Resources))
            {
                return;
            }

            var cost = worker.WaitNs + MoveNs(submission, task, inputs, worker.Id.Value);
            if (cost < bestCost || (cost == bestCost && worker.Id.Value < best!.Id.Value))
            {
                best = worker;
                bestCost = cost;
            }
        }
    }

    /// <summary>What it would take to bring a task's inputs to a worker.</summary>
    private long MoveNs(Submission submission, int task, int inputs, int worker)
    {
        var cost = 0L;
        for (var k = 0; k < inputs; k++)
        {
            var input = _tasks.Find(submission.Input(task, k));
            if (_tasks.Phase[input] == TaskPhase.Done && IsCounted(input) && !IsHeldBy(input, worker))
            {
                cost += _options.TransferNsMin + (SizeOf(input) * _options.TransferNsPerByte);
            }
        }

        return cost;
    }

    /// <summary>How many more tasks of a kind a worker should be sent now.</summary>
    private int RoomFor(WorkerEntry worker, TaskShape shape, Submission submission)
    {
        if (shape.NeedsResources)
        {
            // Resources are claimed when a task is sent: one at a time, and never ahead.
            return worker.HasResources(shape.Resources) ? 1 : 0;
        }

        var assigned = worker.Assigned - worker.WaitingInside;
        var least = worker.Slots + 1 - assigned;
        var mean = _times.MeanNs(submission.Function);
        if (mean < 0 || !submission.Options.Idempotent || (!submission.HasInputs && _times.MeanBytes(submission.Function) > _options.InlineBytesMax))
        {
            // Unknown, or roots with large results: no more than keep the slots busy, so that memory stays flat. Not idempotent: what is
            // there when a worker dies may have begun, and does not run again.
            return least;
        }

        var byTime = ((_options.PrefillNs * worker.Slots) - worker.BacklogNs) / (mean + _options.OverheadNs);
        var byCount = ((long)_options.PrefillTasksMax * worker.Slots) - worker.Assigned;
        var byBytes = submission.MeanArgumentBytes == 0 ? byCount : _options.PrefillBytesMax / submission.MeanArgumentBytes;
        return (int)Math.Max(least, Math.Min(byTime, Math.Min(byCount, byBytes)));
    }

    /// <summary>A suspect may have an older place in its lane, of a time before it was cancelled and retried.</summary>
    private bool IsToBeGiven(int slot) => _tasks.Phase[slot] == TaskPhase.Ready && !Has(slot, TaskFlags.Suspected);

    /// <summary>The place of the first of some neighbours that is not to be given to anybody; negative: all are.</summary>
    private int FirstNotToBeGiven(int slot, int length)
    {
        var notReady = _tasks.Phase.AsSpan(slot, length).IndexOfAnyExcept(TaskPhase.Ready);
        for (var i = 0; _suspicions.Count > 0 && i < (notReady < 0 ? length : notReady); i++)
        {
            if (Has(slot + i, TaskFlags.Suspected))
            {
                return i;
            }
        }

        return notReady;
    }

    /// <summary>How many tasks from the run's first on are ready and of this submission.</summary>
    private int ReadyPrefix(Submission submission, TaskRun run, int limit)
    {
        limit = (int)Math.Min(limit, submission.Run.End - run.First);
        for (var rest = new TaskRun(run.First, limit); rest.Count > 0;)
        {
            var length = _tasks.Part(rest, out var slot);
            var ready = slot < 0 ? 0 : FirstNotToBeGiven(slot, length);
            if (slot < 0 || ready >= 0)
            {
                return (int)(rest.First - run.First) + Math.Max(0, ready);
            }

            rest = rest.Slice(length, rest.Count - length);
        }

        return limit;
    }

    /// <summary>How many tasks from the run's first on are ready, of this submission, and have all their inputs here; within the bytes of one message.</summary>
    private int InlineReadyPrefix(Submission submission, TaskRun run, int limit)
    {
        limit = (int)Math.Min(limit, submission.Run.End - run.First);
        var bytes = 0L;
        var width = -1;
        for (var i = 0; i < limit; i++)
        {
            var slot = _tasks.Find(run.First + i);
            var inputBytes = slot < 0 || !IsToBeGiven(slot) ? -1 : ImmediateBytes(slot);
            if (inputBytes < 0)
            {
                return i;
            }

            // One assignment has the same number of inputs for each of its tasks.
            var inputs = submission.InputCount((int)(_tasks.IdOf(slot) - submission.First));
            width = width < 0 ? inputs : width;
            bytes += inputBytes;
            if (inputs != width || bytes > _options.ImmediateBytesMax)
            {
                return i;
            }
        }

        return limit;
    }

    /// <summary>What a task's inputs take in the message that assigns it.</summary>
    /// <returns>Negative: some are not here, or are too large to travel so; they are sent ahead, over as many messages as they need, and named by id.</returns>
    private long ImmediateBytes(int slot)
    {
        var spec = SubmissionOf(slot).Spec;
        var task = (int)(_tasks.IdOf(slot) - spec.First);
        var inputs = spec.InputCount(task);
        var bytes = (long)inputs * sizeof(int);
        for (var k = 0; k < inputs && bytes <= _options.ImmediateBytesMax; k++)
        {
            var input = _tasks.Find(spec.Input(task, k));
            var length = _tasks.ValueLength[input];
            if (!Has(input, TaskFlags.Inline) || length > _options.InlineBytesMax)
            {
                return -1;
            }

            bytes += length;
        }

        return bytes <= _options.ImmediateBytesMax ? bytes : -1;
    }

    private void Assign(WorkerEntry worker, TaskShape shape, Submission submission, TaskRun run, InputForm form)
    {
        var attempt = NextAttempt();
        var estimate = EstimateOf(submission);

        // Results stay at the worker when something may be handed ahead on the strength of them: a dependent waits for nothing else and the
        // worker will run dry soon, or this is itself part of a chain.
        var keep = form == InputForm.ById;
        var mayLead = RunsDrySoon(worker);
        for (var rest = run; rest.Count > 0;)
        {
            var length = _tasks.Part(rest, out var first);
            for (var slot = first; slot < first + length; slot++)
            {
                Invariant.Require(_tasks.Phase[slot] is TaskPhase.Ready or TaskPhase.Waiting, "only what is ready or handed ahead is assigned");
                if (_tasks.Attempt[slot] != Attempt.None && _tasks.Worker[slot] == worker.Id.Value)
                {
                    // The attempt before may have ended there before its cancel came: the result it left behind is nobody's.
                    _actions.AddRun(ActionKind.Free, worker.Id.Value, new TaskRun(_tasks.IdOf(slot)));
                }

                if (!submission.Options.Idempotent)
                {
                    Set(slot, TaskFlags.MayHaveBegun);
                    NoteSpent(slot);
                }

                _phaseCounts[(int)_tasks.Phase[slot]]--;
                _tasks.Phase[slot] = TaskPhase.Assigned;
                _tasks.Attempt[slot] = attempt;
                _tasks.Worker[slot] = worker.Id.Value;
                keep = keep || (mayLead && LeadsOn(slot));
                LinkTo(worker, slot, estimate, shape);
            }

            rest = rest.Slice(length, rest.Count - length);
        }

        _phaseCounts[(int)TaskPhase.Assigned] += run.Count;
        _log.Add(_nowMs, run, TaskPhase.Assigned, "assigned", worker.Id.Value, attempt.Counter);
        if (form == InputForm.ById)
        {
            SendInputs(worker, submission, run);
        }

        _actions.Add(new SchedulerAction(ActionKind.Assign, worker.Id.Value, run)
        {
            Attempt = attempt,
            Submission = submission,
            Inputs = form,
            Keep = keep,
            Store = _isOverBudget,
        });
        if (keep)
        {
            Keep(run);
        }
    }

    private int EstimateOf(Submission submission)
    {
        var mean = _times.MeanNs(submission.Function);
        return (int)Math.Clamp(((mean < 0 ? UnknownNs : mean) + _options.OverheadNs) / WorkerEntry.BacklogUnitNs, 1, int.MaxValue);
    }

    /// <summary>Marks a run's results as kept at their worker, and looks whether that lets dependents be handed ahead.</summary>
    private void Keep(TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var slot = _tasks.Find(run.First + i);
            Set(slot, TaskFlags.Kept);
            for (var edge = _tasks.FirstEdge[slot]; edge != EdgeTable.None; edge = _edges.NextOf(edge))
            {
                var dependent = _tasks.Find(_edges.TargetOf(edge));
                if (dependent >= 0 && _tasks.Phase[dependent] == TaskPhase.Waiting)
                {
                    ConsiderAhead(dependent);
                }
            }
        }
    }

    /// <summary>Sees to it that inputs which are named by id reach the worker: small ones go along, of large ones it is told who holds them.</summary>
    private void SendInputs(WorkerEntry worker, Submission submission, TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var task = (int)(run.First + i - submission.First);
            for (var k = 0; k < submission.InputCount(task); k++)
            {
                var input = _tasks.Find(submission.Input(task, k));
                if (_tasks.Phase[input] != TaskPhase.Done || IsHeldBy(input, worker.Id.Value))
                {
                    continue;
                }

                var id = new TaskRun(_tasks.IdOf(input));
                if (Has(input, TaskFlags.Inline) && !(IsCounted(input) && HoldersOf(input).Any(IsStaying)))
                {
                    _actions.AddRun(ActionKind.SendKeptValues, worker.Id.Value, id);
                    AddCopy(input, worker);
                }
                else
                {
                    _actions.AddRun(ActionKind.SendHolders, worker.Id.Value, id);
                }
            }
        }
    }
}
