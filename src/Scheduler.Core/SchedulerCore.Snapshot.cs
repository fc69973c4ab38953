using System.Buffers.Binary;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What is true now, as facts: in place of all that were noted before.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>
    /// Adds the present state. Values are referred to, not copied. The shell's own facts (session keys, functions, setups) come before these.
    /// </summary>
    public void AddSnapshot(ICollection<SchedulerFact> facts)
    {
        if (_restarts > 0)
        {
            facts.Add(new ClusterRestarted(_restarts));
        }

        foreach (var session in _sessions.Values)
        {
            facts.Add(new SessionReached(session.Id, session.NextSequence, session.ForgottenBelow));
        }

        var entries = new List<SubmissionEntry>();
        foreach (var entry in _submissions)
        {
            if (entry is not null)
            {
                entries.Add(entry);
            }
        }

        // Inputs before what consumes them, also where both are of one submission and the input is broken.
        entries.Sort(static (left, right) => (left.Number, !left.IsBroken).CompareTo((right.Number, !right.IsBroken)));
        foreach (var entry in entries)
        {
            facts.Add(new SubmissionRemembered(entry.Spec, PartsOf(entry)));
        }

        foreach (var entry in entries)
        {
            AddOutcomes(entry, facts);
        }

        AddFailures(facts);

        foreach (var published in _published.Values)
        {
            facts.Add(new NamePublished(published.Name, published.Runs, published.Note));
        }

        foreach (var worker in _workers.Values)
        {
            facts.Add(new WorkerCame(worker.Description.Name, worker.Description.Incarnation));
        }

        foreach (var incarnation in _expected)
        {
            facts.Add(new WorkerCame("", Convert.FromHexString(incarnation)));
        }

        facts.Add(new SnapshotEnded());
    }

    /// <summary>Neighbours that failed for one reason go together: a reason may be large, and shared by all that depend on one task.</summary>
    private void AddFailures(ICollection<SchedulerFact> facts)
    {
        var failures = new FactList();
        foreach (var slot in _tasks.LiveSlots())
        {
            if (_tasks.Phase[slot] == TaskPhase.Failed)
            {
                failures.AddFailed(new TaskRun(_tasks.IdOf(slot)), _errors[slot]);
            }
        }

        foreach (var failed in failures.Span)
        {
            facts.Add(failed);
        }
    }

    private List<RememberedPart> PartsOf(SubmissionEntry entry)
    {
        var parts = new List<RememberedPart>();
        foreach (var slot in SlotsOf(entry))
        {
            var part = new RememberedPart(
                new TaskRun(_tasks.IdOf(slot)),
                IsLinked: !entry.IsBroken && !Has(slot, TaskFlags.Inline),
                IsHeld: Has(slot, TaskFlags.Held),
                IsReleased: _tasks.Phase[slot] == TaskPhase.Released,
                IsScattered: Has(slot, TaskFlags.Scattered),
                entry.IsBroken);
            if (parts.Count > 0 && parts[^1].Run.End == part.Run.First && parts[^1] with { Run = part.Run } == part)
            {
                parts[^1] = part with { Run = new TaskRun(parts[^1].Run.First, parts[^1].Run.Count + 1) };
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts;
    }

    /// <summary>The slots of a submission's tasks that are not forgotten, in order of id.</summary>
    private IEnumerable<int> SlotsOf(SubmissionEntry entry)
    {
        for (var rest = entry.Spec.Run; rest.Count > 0;)
        {
            var length = _tasks.Part(rest, out var first);
            for (var slot = first; slot < first + length && first >= 0; slot++)
            {
                if (_tasks.IsLive(slot) && SubmissionOf(slot) == entry)
                {
                    yield return slot;
                }
            }

            rest = rest.Slice(length, rest.Count - length);
        }
    }

    private void AddOutcomes(SubmissionEntry entry, ICollection<SchedulerFact> facts)
    {
        var inline = new List<int>();
        foreach (var slot in SlotsOf(entry))
        {
            if (inline.Count > 0 && !ContinuesInline(inline[^1], slot))
            {
                facts.Add(InlineResults(inline));
                inline.Clear();
            }

            switch (_tasks.Phase[slot])
            {
                case TaskPhase.Done when Has(slot, TaskFlags.Inline):
                    inline.Add(slot);
                    break;
                case TaskPhase.Done when Has(slot, TaskFlags.Alias):
                    break;
                case TaskPhase.Done:
                    if (_tasks.Retried[slot] > 0)
                    {
                        // Should the result be lost, it counts how often the task has run.
                        AddSpent(slot, facts);
                    }

                    facts.Add(new ResultsAccepted(new TaskRun(_tasks.IdOf(slot)), _tasks.Attempt[slot]) { StoredBytes = [SizeOf(slot)] });
                    break;
                case TaskPhase.Waiting or TaskPhase.Ready or TaskPhase.Assigned or TaskPhase.Running or TaskPhase.Released:
                    // One that was released may have ended well: a worker that comes back with its result is not to count a second time.
                    AddSpent(slot, facts);
                    break;
            }
        }

        if (inline.Count > 0)
        {
            facts.Add(InlineResults(inline));
        }
    }

    private void AddSpent(int slot, ICollection<SchedulerFact> facts)
    {
        var isAtWorker = IsAtWorker(slot);
        var last = isAtWorker ? new Attempt(_tasks.Attempt[slot].Value - 1) : _tasks.Attempt[slot];
        var mayHaveBegun = Has(slot, TaskFlags.MayHaveBegun);
        if (mayHaveBegun || (last != Attempt.None && !isAtWorker) || _tasks.Retried[slot] > 0 || _tasks.Deaths[slot] > 0)
        {
            facts.Add(new AttemptsSpent(_tasks.IdOf(slot), last, _tasks.Retried[slot], _tasks.Deaths[slot], mayHaveBegun));
        }
    }

    private bool ContinuesInline(int last, int slot) =>
        Has(slot, TaskFlags.Inline)
        && _tasks.IdOf(slot) == _tasks.IdOf(last) + 1
        && _tasks.Attempt[slot] == _tasks.Attempt[last]
        && _tasks.Chunk[slot] == _tasks.Chunk[last]
        && _tasks.ValueStart[slot] == _tasks.ValueStart[last] + _tasks.ValueLength[last];

    private ResultsAccepted InlineResults(List<int> slots)
    {
        var first = slots[0];
        var last = slots[^1];
        var start = _tasks.ValueStart[first];
        var data = _values.Get(_tasks.Chunk[first], start, _tasks.ValueStart[last] + _tasks.ValueLength[last] - start);
        var ends = new byte[slots.Count * sizeof(uint)];
        for (var i = 0; i < slots.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(ends.AsSpan(i * sizeof(uint)), _tasks.ValueStart[slots[i]] + _tasks.ValueLength[slots[i]] - start);
        }

        return new ResultsAccepted(new TaskRun(_tasks.IdOf(first), slots.Count), _tasks.Attempt[first]) { Values = new ByteColumn(data, ends) };
    }
}
