using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>New tasks, and their links to what they consume.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>
    /// Numbers that a client may leave out. It leaves out none; but a scheduler whose journal could not be written for a while may have forgotten some. What is kept by number grows with the numbers.
    /// </summary>
    private const ulong SequenceGapMax = 1UL << 28;

    /// <summary>Scattered values and submissions share one sequence: they are added in its order, whichever list they came in.</summary>
    private void AddInOrder(SessionEntry session, IReadOnlyList<ScatteredValues> scattered, IReadOnlyList<Submission> submissions)
    {
        var s = 0;
        foreach (var submission in submissions)
        {
            while (s < scattered.Count && scattered[s].First.Value < submission.First.Value)
            {
                AddScattered(session, scattered[s++]);
            }

            AddSubmission(session, submission);
        }

        while (s < scattered.Count)
        {
            AddScattered(session, scattered[s++]);
        }
    }

    /// <summary>Whether a new run is the session's and in its turn; what was there before is a duplicate.</summary>
    private bool IsNew(SessionEntry session, TaskRun run)
    {
        if (run.First.Session != session.Id || run.Count <= 0 || run.First.Sequence + (ulong)run.Count > TaskId.SequenceMax
            || run.First.Sequence > session.NextSequence + SequenceGapMax)
        {
            Drops.Add(DropReason.Malformed);
            return false;
        }

        if (run.End.Sequence <= session.NextSequence)
        {
            Drops.Add(DropReason.DuplicateSubmission);
            return false;
        }

        session.NextSequence = run.First.Sequence + (ulong)run.Count;
        if (!_options.KeepsFacts)
        {
            session.SafeSequence = session.NextSequence;
        }

        return true;
    }

    private void AddScattered(SessionEntry session, ScatteredValues values)
    {
        var known = KnownOf(session, values.First, values.Values.Count);
        if (known > 0)
        {
            values = values with { First = values.First + known, Values = values.Values.Slice(known, values.Values.Count - known) };
        }

        var run = new TaskRun(values.First, values.Values.Count);
        if (!IsNew(session, run))
        {
            return;
        }

        if (!HasRoomFor(values.Values.Data.Length))
        {
            Refuse(run, "scatter", values.Values.Data.Length);
            return;
        }

        Note(new ValuesScattered(run, values.Values));
        var spec = new Submission { First = run.First, Count = run.Count, Function = Submission.NoFunction, Key = "scatter" };
        var index = AddEntry(NewEntry(spec));
        var chunk = _values.Add(values.Values.Data);
        _values.Hold(chunk, run.Count);
        foreach (var slot in AddSlots(run, index))
        {
            var i = (int)(_tasks.IdOf(slot) - run.First);
            SetValue(slot, chunk, values.Values.StartOf(i), values.Values.LengthOf(i));
            Set(slot, TaskFlags.Scattered);
            SetPhase(slot, TaskPhase.Done, "scattered");
            WantHolders(slot, values.Holders);
        }

        session.MarkDirty(run);
    }

    /// <summary>
    /// How many of a run's first tasks are there already, when its last are not: a client that comes back sends again what was not
    /// acknowledged, and may have added to it meanwhile.
    /// </summary>
    private static int KnownOf(SessionEntry session, TaskId first, int count) =>
        first.Session == session.Id && first.Sequence < session.NextSequence && session.NextSequence - first.Sequence < (ulong)Math.Max(0, count)
            ? (int)(session.NextSequence - first.Sequence)
            : 0;

    private void AddSubmission(SessionEntry session, Submission submission)
    {
        if (KnownOf(session, submission.First, submission.Count) is var known and > 0)
        {
            submission = submission.From(known);
        }

        if (submission.IsAlias && !HasOneInputEach(submission))
        {
            Drops.Add(DropReason.Malformed);
            return;
        }

        if (!IsNew(session, submission.Run))
        {
            return;
        }

        if (!HasRoomFor(submission.Bytes))
        {
            Refuse(submission.Run, submission.Key, submission.Bytes);
            return;
        }

        submission = ResolveAliases(submission);
        Note(new TasksSubmitted(submission));
        var entry = NewEntry(submission);
        var index = AddEntry(entry);
        if (submission.HasInputs)
        {
            foreach (var slot in AddSlots(submission.Run, index))
            {
                Link(slot, entry);
            }

            return;
        }

        for (var rest = submission.Run; rest.Count > 0;)
        {
            var count = _tasks.AddPart(rest, index, out var slot);
            _tasks.Phase.AsSpan(slot, count).Fill(TaskPhase.Ready);
            rest = rest.Slice(count, rest.Count - count);
        }

        _phaseCounts[(int)TaskPhase.Ready] += submission.Count;
        _log.Add(_nowMs, submission.Run, TaskPhase.Ready, "submitted", TaskTable.None, 0);
        if (_isRestoring)
        {
            _heldBack.AddOrJoin(submission.Run);
        }
        else
        {
            entry.Shape.Lane(submission.Options.Priority).PushRoots(submission.Run, submission.Run);
        }

        WatchQueueTime(submission.Run, submission.Options);
    }

    /// <summary>Makes the slots of a run and gives them one by one; each starts as a waiting task that is held.</summary>
    private IEnumerable<int> AddSlots(TaskRun run, int submission)
    {
        while (run.Count > 0)
        {
            var count = _tasks.AddPart(run, submission, out var slot);
            _phaseCounts[(int)TaskPhase.Waiting] += count;
            for (var i = 0; i < count; i++)
            {
                yield return slot + i;
            }

            run = run.Slice(count, run.Count - count);
        }
    }

    /// <summary>Counts a new task into its inputs, and makes it ready, waiting or failed by what they are.</summary>
    private void Link(int slot, SubmissionEntry entry)
    {
        var spec = entry.Spec;
        var id = _tasks.IdOf(slot);
        var task = (int)(id - spec.First);
        var inputs = spec.InputCount(task);
        for (var k = 0; k < inputs; k++)
        {
            var input = spec.Input(task, k);

            // A task may only consume what was there before it, so that no graph has a cycle.
            if (_tasks.Find(input) < 0 || (input.Session == id.Session && input.Value >= id.Value))
            {
                Break(slot, WasForgotten(input)
                    ? TaskError.Of(ErrorKind.Cancelled, input, $"The input {input} of the task {id} was cancelled: the cluster was restarted.")
                    : TaskError.Of(ErrorKind.DataLost, input, $"The input {input} of the task {id} is not known: it was released, or never submitted."));
                return;
            }

            if (Has(_tasks.Find(input), TaskFlags.Alias))
            {
                Break(slot, TaskError.Of(ErrorKind.DataLost, input, $"The task {id} names published results in too many inputs that follow no rule; allowed are {ResolvedInputsMax} in one submission."));
                return;
            }
        }

        if (spec.IsAlias)
        {
            Set(slot, TaskFlags.Alias);
            _aliases++;
        }

        for (var k = 0; k < inputs; k++)
        {
            var input = _tasks.Find(spec.Input(task, k));
            _tasks.Consumers[input]++;
            _tasks.Descendants[input]++;
        }

        Enqueue(slot, "submitted");
        if (_tasks.Phase[slot] == TaskPhase.Waiting)
        {
            ConsiderAhead(slot);
        }
    }

    /// <summary>
    /// Finds out what a task that is not ended waits for, and makes it ready, waiting or failed. Its place in its inputs'
    /// consumers is left as it is. Inputs whose values are gone are made again.
    /// </summary>
    private void Enqueue(int slot, string cause)
    {
        var spec = SubmissionOf(slot).Spec;
        var id = _tasks.IdOf(slot);
        if (_tasks.Phase[slot] != TaskPhase.Waiting)
        {
            SetPhase(slot, TaskPhase.Waiting, cause);
        }

        if (!spec.HasInputs)
        {
            MakeReady(slot, cause);
            return;
        }

        var task = (int)(id - spec.First);
        var inputs = spec.InputCount(task);

        // Old edges first, all of them, because an input may be named twice.
        Unwait(slot);
        TaskError? error = null;
        for (var k = 0; k < inputs; k++)
        {
            var input = _tasks.Find(spec.Input(task, k));
            if (_tasks.Phase[input] == TaskPhase.Released)
            {
                Resurrect(input);
            }

            switch (_tasks.Phase[input])
            {
                case TaskPhase.Done:
                    break;
                case TaskPhase.Failed:
                    error ??= _errors[input];
                    break;
                default:
                    _edges.Add(ref _tasks.FirstEdge[input], id);
                    _tasks.Unmet[slot]++;
                    break;
            }
        }

        if (error is not null)
        {
            Fail(slot, error, "an input failed");
        }
        else if (_tasks.Unmet[slot] == 0)
        {
            MakeReady(slot, cause);
        }
    }

    /// <summary>Takes away the edges that lead to a task: it waits for nothing. Done inputs have none.</summary>
    private void Unwait(int slot)
    {
        if (_tasks.Unmet[slot] == 0)
        {
            return;
        }

        var spec = SubmissionOf(slot).Spec;
        var id = _tasks.IdOf(slot);
        var task = (int)(id - spec.First);
        var inputs = spec.InputCount(task);
        for (var k = 0; k < inputs; k++)
        {
            var input = _tasks.Find(spec.Input(task, k));
            if (!IsEnded(_tasks.Phase[input]))
            {
                _edges.Remove(ref _tasks.FirstEdge[input], id);
            }
        }

        _tasks.Unmet[slot] = 0;
    }

    private void MakeReady(int slot, string cause)
    {
        if (Has(slot, TaskFlags.Alias))
        {
            FinishAlias(slot);
            return;
        }

        var options = SubmissionOf(slot).Spec.Options;
        var run = new TaskRun(_tasks.IdOf(slot));
        SetPhase(slot, TaskPhase.Ready, cause);
        QueueOrHoldBack(slot);

        WatchQueueTime(run.First, options);
    }

    /// <summary>Puts a ready task where the planner finds it.</summary>
    private void Queue(int slot)
    {
        var entry = SubmissionOf(slot);
        var lane = entry.Shape.Lane(entry.Spec.Options.Priority);
        var run = new TaskRun(_tasks.IdOf(slot));
        if (entry.Spec.HasInputs)
        {
            lane.PushConsumers(run);
        }
        else
        {
            lane.PushRoots(run, entry.Spec.Run);
        }
    }

    /// <summary>Fails a new task that names inputs which nobody knows. It holds on to none of its inputs and cannot be retried.</summary>
    private void Break(int slot, TaskError error)
    {
        var old = _tasks.SubmissionOf[slot];
        var spec = SubmissionOf(slot).Spec;
        var alone = new Submission { First = _tasks.IdOf(slot), Count = 1, Function = spec.Function, Options = spec.Options, Key = spec.Key };
        _tasks.SubmissionOf[slot] = AddEntry(new SubmissionEntry(alone, SubmissionOf(slot).Shape, SubmissionOf(slot).Number) { IsBroken = true });
        LeaveEntry(old);
        Fail(slot, error, "an input is not known");
    }

    private int AddEntry(SubmissionEntry entry)
    {
        _submittedBytes += entry.Spec.Bytes;
        if (_freeSubmissions.TryPop(out var index))
        {
            _submissions[index] = entry;
            return index;
        }

        _submissions.Add(entry);
        return _submissions.Count - 1;
    }

    private SubmissionEntry NewEntry(Submission spec) => new(spec, ShapeOf(spec.Options), _entries++);

    private void LeaveEntry(int index)
    {
        var entry = _submissions[index]!;
        if (--entry.Live == 0)
        {
            _submittedBytes -= entry.Spec.Bytes;
            _submissions[index] = null;
            _freeSubmissions.Push(index);
        }
    }

    private TaskShape ShapeOf(TaskOptions options)
    {
        // With their lengths, because a name may hold any sign.
        var text = $"{options.Resources}|{string.Join('|', options.AllowedWorkers.Select(static name => $"{name.Length}:{name}"))}";
        if (!_shapeByText.TryGetValue(text, out var shape))
        {
            shape = new TaskShape(_shapes.Count, options.Resources, options.AllowedWorkers);
            _shapes.Add(shape);
            _shapeByText.Add(text, shape);
        }

        return shape;
    }

    private void SetValue(int slot, int chunk, int start, int length)
    {
        _tasks.Chunk[slot] = chunk;
        _tasks.ValueStart[slot] = start;
        _tasks.ValueLength[slot] = length;
        Set(slot, TaskFlags.Inline);
    }
}
