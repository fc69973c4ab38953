using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What must be true between any two events, counted from scratch. For tests and simulations: it walks over everything.</summary>
public sealed partial class SchedulerCore
{
    /// <exception cref="InvariantException">Something does not add up; the message names the rule and the task's story.</exception>
    public void CheckInvariants()
    {
        var edgesTo = new Dictionary<TaskId, int>();
        var consumers = new Dictionary<int, int>();
        var descendants = new Dictionary<int, int>();
        var stored = new Dictionary<int, long>();
        var phases = new long[_phaseCounts.Length];
        foreach (var slot in _tasks.LiveSlots())
        {
            phases[(int)_tasks.Phase[slot]]++;
            for (var edge = _tasks.FirstEdge[slot]; edge != EdgeTable.None; edge = _edges.NextOf(edge))
            {
                Check(!IsEnded(_tasks.Phase[slot]), slot, "an ended task has no edges");
                edgesTo[_edges.TargetOf(edge)] = edgesTo.GetValueOrDefault(_edges.TargetOf(edge)) + 1;
            }

            CountInputs(slot, consumers, descendants);
            var holders = new HashSet<int>();
            foreach (var holder in HoldersOf(slot))
            {
                Check(holders.Add(holder), slot, "a holder is named once");
                stored[holder] = stored.GetValueOrDefault(holder) + (IsCounted(slot) ? SizeOf(slot) : 0);
            }
        }

        CountPublished(consumers);

        foreach (var slot in _tasks.LiveSlots())
        {
            var id = _tasks.IdOf(slot);
            Check(_tasks.Unmet[slot] == edgesTo.GetValueOrDefault(id), slot, "unmet inputs are the edges that lead to a task");
            Check(_tasks.Consumers[slot] == consumers.GetValueOrDefault(slot), slot, "consumers are the dependents that are not ended");
            Check(_tasks.Descendants[slot] == descendants.GetValueOrDefault(slot), slot, "descendants are the dependents that may be made again");
            CheckPhase(slot);
        }

        Check(_aliases == _tasks.LiveSlots().Count(slot => Has(slot, TaskFlags.Alias)), -1, "aliases add up");
        Check(phases.AsSpan().SequenceEqual(_phaseCounts), -1, "phases add up");
        Check(_workers.Values.All(worker => worker.StoredBytes == stored.GetValueOrDefault(worker.Id.Value)), -1, "stored bytes add up");
        CheckWorkers();
        Check(_copying.Values.Sum(static orders => orders.Count) == _copiesUnderWay && _copying.Values.All(static orders => orders.Count > 0), -1, "copies under way add up");
        Check(_wantedHolders.Keys.All(slot => _tasks.IsLive(slot) && _tasks.Phase[slot] == TaskPhase.Done), -1, "only results are to have holders");
        if (_tasks.Live == 0)
        {
            Check(_edges.Count == 0, -1, "no edges without tasks");
            Check(ClientBytes == 0, -1, "no values and no arguments without tasks");
            Check(_errors.Count == 0 && _copies.Count == 0 && _missed.Count == 0 && _copying.Count == 0 && _copyFailures.Count == 0 && _uncopyable.Count == 0 && _wantedHolders.Count == 0, -1, "no side tables without tasks");
        }
    }

    private void CountInputs(int slot, Dictionary<int, int> consumers, Dictionary<int, int> descendants)
    {
        var spec = SubmissionOf(slot).Spec;
        var task = (int)(_tasks.IdOf(slot) - spec.First);
        for (var k = 0; k < spec.InputCount(task) && !Has(slot, TaskFlags.Inline); k++)
        {
            var input = _tasks.Find(spec.Input(task, k));
            Check(input >= 0, slot, "an input that may be needed is not forgotten");
            descendants[input] = descendants.GetValueOrDefault(input) + 1;
            if (!IsEnded(_tasks.Phase[slot]) || (_tasks.Phase[slot] == TaskPhase.Done && Has(slot, TaskFlags.Alias)))
            {
                consumers[input] = consumers.GetValueOrDefault(input) + 1;
            }
        }
    }

    private void CheckPhase(int slot)
    {
        var phase = _tasks.Phase[slot];
        Check(phase != TaskPhase.Ready || _tasks.Unmet[slot] == 0, slot, "a ready task waits for nothing");
        Check(phase != TaskPhase.Waiting || _tasks.Unmet[slot] > 0, slot, "a waiting task waits for something");
        Check(phase != TaskPhase.Failed || _errors.ContainsKey(slot), slot, "a failed task has an error");
        Check(phase == TaskPhase.Done || !Has(slot, TaskFlags.Inline), slot, "only a done task has a value");
        Check(!IsAtWorker(slot) || _workers.TryGetValue(_tasks.Worker[slot], out _), slot, "an assigned task's worker is there");
        Check(phase != TaskPhase.Done || !Has(slot, TaskFlags.Alias) || _tasks.Phase[StoredSlot(slot)] == TaskPhase.Done, slot, "an alias is done while what it stands for is");
        Check(phase is not (TaskPhase.Ready or TaskPhase.Released) || !Has(slot, TaskFlags.Alias), slot, "an alias is never ready, and forgotten when it is released");
        Check(phase != TaskPhase.Done || Has(slot, TaskFlags.Inline | TaskFlags.Alias) || HoldersOf(slot).Any(holder => _workers.TryGetValue(holder, out _) || (holder == Former && IsRecovering)), slot, "a done task's result is somewhere");
        Check(IsWanted(slot) || _tasks.Descendants[slot] > 0, slot, "a task that nobody wants and nothing descends from is forgotten");
        Check(phase != TaskPhase.Released || !IsWanted(slot), slot, "a released task is not wanted");
    }

    private void CheckWorkers()
    {
        foreach (var worker in _workers.Values)
        {
            var slots = AssignedTo(worker);
            Check(slots.Count == worker.Assigned, -1, "a worker's list is as long as its count");
            Check(slots.All(slot => IsAtWorker(slot) && _tasks.Worker[slot] == worker.Id.Value), -1, "a worker's list holds its tasks");
            Check(slots.Count(slot => _tasks.Phase[slot] == TaskPhase.Running) == worker.Running, -1, "running tasks add up");
            Check(slots.Count(slot => Has(slot, TaskFlags.Retracting)) == worker.Retracting, -1, "retracting tasks add up");
            Check(slots.Count(slot => Has(slot, TaskFlags.WaitingInside)) == worker.WaitingInside, -1, "tasks that wait inside add up");
            Check(slots.Sum(slot => (long)_tasks.Estimate[slot]) == worker.Backlog, -1, "the backlog adds up");
            Check(_copying.Values.Sum(orders => orders.Where(order => order.Recipient == worker.Id.Value).Sum(static order => order.Bytes)) == worker.IncomingBytes, -1, "incoming bytes add up");
            Check(worker.Leave is null || CopiesFor(worker) == worker.Leave.HandingOver, -1, "results that are handed over add up");
            foreach (var (name, free) in worker.FreeMilli)
            {
                var claimed = slots.Sum(slot => SubmissionOf(slot).Shape.Resources.MilliOf(name));
                Check(claimed + free == worker.Description.Resources.MilliOf(name), -1, "resources add up");
            }
        }
    }

    private void Check(bool holds, int slot, string rule)
    {
        if (!holds)
        {
            throw new InvariantException(slot < 0 ? $"Broken rule: {rule}." : $"Broken rule: {rule}. Task {_tasks.IdOf(slot)}:\n{Story(_tasks.IdOf(slot))}");
        }
    }
}
