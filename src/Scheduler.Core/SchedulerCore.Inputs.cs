using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What workers say of inputs: those that they could not get, and those that they have copied and keep.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Workers that could not get a result and were told again who holds it, by slot; until it is made anew.</summary>
    private readonly Dictionary<int, List<int>> _missed = [];

    private readonly Queue<(int Worker, TaskId Input)> _unanswered = [];

    /// <summary>
    /// A worker could not get inputs that it was told of. It is answered when the batch has been applied, because what comes after this in the
    /// batch may change the answer, or make it a lie.
    /// </summary>
    private void OnMissing(WorkerEntry worker, TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var id = run.First + i;
            var slot = _tasks.Find(id);
            if (slot < 0 || Has(slot, TaskFlags.Alias))
            {
                Drops.Add(DropReason.UnknownTask);
                continue;
            }

            Met.Add(_tasks.Phase[slot], TaskCause.MissedByWorker);
            _unanswered.Enqueue((worker.Id.Value, id));
        }
    }

    private void AnswerMissing()
    {
        while (_unanswered.Count > 0)
        {
            while (_unanswered.TryDequeue(out var missing))
            {
                var slot = _tasks.Find(missing.Input);
                if (slot >= 0 && _workers.TryGetValue(missing.Worker, out var worker))
                {
                    AnswerMissing(worker, slot);
                }
            }

            // Once for all of them: it looks at every task for those that need what is lost. Of more that is lost by it, more may be to answer.
            Settle();
        }
    }

    private void AnswerMissing(WorkerEntry worker, int slot)
    {
        var id = _tasks.IdOf(slot);
        if (IsFailedCopy(worker, slot) && !HasConsumerAt(worker, id))
        {
            return;
        }

        if (_tasks.Phase[slot] == TaskPhase.Done && Has(slot, TaskFlags.Inline))
        {
            _actions.AddRun(ActionKind.SendKeptValues, worker.Id.Value, new TaskRun(id));
            if (!IsHeldBy(slot, worker.Id.Value))
            {
                AddCopy(slot, worker);
            }

            return;
        }

        if (_tasks.Phase[slot] == TaskPhase.Done && !IsHeldBy(slot, Former))
        {
            if (!_missed.TryGetValue(slot, out var told))
            {
                _missed.Add(slot, told = []);
            }

            if (!told.Contains(worker.Id.Value))
            {
                // It may have moved meanwhile: once more, with those who hold it now.
                told.Add(worker.Id.Value);
                _actions.AddRun(ActionKind.SendHolders, worker.Id.Value, new TaskRun(id));
                return;
            }

            Lose(slot);
        }

        WithdrawConsumersAt(worker, id);
    }

    /// <summary>Who missed the result and was told to ask its holders once more has nobody left to ask: he is to be answered anew.</summary>
    private void AnswerAgainWhoMissed(int slot)
    {
        if (_missed.Remove(slot, out var told))
        {
            foreach (var worker in told)
            {
                _unanswered.Enqueue((worker, _tasks.IdOf(slot)));
            }
        }
    }

    /// <summary>Takes back the tasks at one worker that wait for an input which it cannot have.</summary>
    private void WithdrawConsumersAt(WorkerEntry worker, TaskId input)
    {
        foreach (var slot in AssignedTo(worker))
        {
            if (Consumes(slot, input))
            {
                Reclaim(slot, "an input could not be had");
            }
        }
    }

    /// <summary>Whether a task at a worker waits, or may wait, for a result that the worker was to copy as well: one answer counts for both.</summary>
    private bool HasConsumerAt(WorkerEntry worker, TaskId input) => AssignedTo(worker).Exists(slot => Consumes(slot, input));

    private bool Consumes(int slot, TaskId input)
    {
        var spec = SubmissionOf(slot).Spec;
        var task = (int)(_tasks.IdOf(slot) - spec.First);
        for (var k = 0; k < spec.InputCount(task); k++)
        {
            if (spec.Input(task, k) == input)
            {
                return true;
            }
        }

        return false;
    }

    private void OnHeld(WorkerEntry worker, TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var id = new TaskRun(run.First + i);
            var slot = _tasks.Find(id.First);
            if (slot >= 0)
            {
                Met.Add(_tasks.Phase[slot], TaskCause.HeldByWorker);
            }

            if (slot >= 0 && IsAtWorker(slot) && _tasks.Worker[slot] == worker.Id.Value)
            {
                // Of what was lost meanwhile, at the very worker that makes it again: to free it now might free the new result.
                Set(slot, TaskFlags.Adopted);
                continue;
            }

            if (slot < 0 || _tasks.Phase[slot] != TaskPhase.Done || Has(slot, TaskFlags.Alias))
            {
                // Everyone let go of it, or it was lost, while the copy was on its way: no orphan stays behind.
                _actions.AddRun(ActionKind.Free, worker.Id.Value, id);
                Drops.Add(DropReason.UnknownTask);
                continue;
            }

            if (!IsHeldBy(slot, worker.Id.Value))
            {
                AddCopy(slot, worker);
            }

            OnCopied(worker, slot);
        }

        SweepStored(worker);
    }
}
