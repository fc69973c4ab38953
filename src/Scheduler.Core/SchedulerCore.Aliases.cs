using System.Buffers.Binary;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Tasks that stand for others: how a session has results that another one made, under ids of its own. An alias has one input, never runs, and ends
/// as its input ends; it keeps that alive. No task consumes one: whoever names an alias as an input is linked to what it stands for.
/// </summary>
public sealed partial class SchedulerCore
{
    /// <summary>Inputs of one submission that are resolved one by one, because they follow no rule of the aliases.</summary>
    private const int ResolvedInputsMax = 1 << 24;

    /// <summary>Aliases that are not forgotten. While there is none, nobody looks for any.</summary>
    private int _aliases;

    /// <summary>Wanted, and where what they stand for is is not known before its holders of before a restart are back.</summary>
    private readonly List<TaskId> _untoldAliases = [];

    /// <summary>Under which id a result is kept by those who hold it: its own, or that of the task for which it stands.</summary>
    public TaskId StoredAs(TaskId id) => FindStored(id) is var slot and >= 0 ? _tasks.IdOf(slot) : id;

    private int FindStored(TaskId id) => _tasks.Find(id) is var slot and >= 0 ? StoredSlot(slot) : TaskTable.None;

    /// <summary>Where a task's value and holders are: its own slot, or that of the task for which it stands.</summary>
    private int StoredSlot(int slot)
    {
        if (!Has(slot, TaskFlags.Alias))
        {
            return slot;
        }

        var spec = SubmissionOf(slot).Spec;
        return _tasks.Find(spec.Input((int)(_tasks.IdOf(slot) - spec.First), 0));
    }

    private static bool HasOneInputEach(Submission submission)
    {
        for (var task = 0; task < submission.Count; task++)
        {
            if (submission.InputCount(task) != 1)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What it stands for is done. It goes on needing it, until it is let go of itself.</summary>
    private void FinishAlias(int slot)
    {
        SetPhase(slot, TaskPhase.Done, "what it stands for is done");
        Clear(slot, TaskFlags.Told);
        Tell(slot);
        DropIfUnneeded(slot);
    }

    /// <summary>What an alias stands for was lost: it is as undone as that, or failed with it.</summary>
    private void RelinkAlias(int slot)
    {
        if (_tasks.Phase[slot] is TaskPhase.Waiting or TaskPhase.Done && _lost.Contains(StoredSlot(slot)))
        {
            TakeBackAlias(slot);
        }
    }

    /// <summary>A worker is back: perhaps it is known now where what they stand for is.</summary>
    private void TellUntoldAliases()
    {
        foreach (var id in _untoldAliases)
        {
            if (_tasks.Find(id) is var slot and >= 0)
            {
                Tell(slot);
            }
        }

        _untoldAliases.Clear();
    }

    /// <summary>After facts have been read: what was told of an alias may have been torn off.</summary>
    private void RestoreAlias(int slot)
    {
        var isDone = _tasks.Phase[StoredSlot(slot)] == TaskPhase.Done;
        if ((_tasks.Phase[slot] == TaskPhase.Done && !isDone) || (_tasks.Phase[slot] == TaskPhase.Waiting && _tasks.Unmet[slot] == 0))
        {
            TakeBackAlias(slot);
        }
    }

    private void TakeBackAlias(int slot)
    {
        var wasDone = _tasks.Phase[slot] == TaskPhase.Done;
        Enqueue(slot, "what it stands for was lost");
        if (wasDone)
        {
            Tell(slot);
        }
    }

    /// <summary>The submission with every alias among its inputs replaced by what it stands for.</summary>
    private Submission ResolveAliases(Submission submission)
    {
        if (_aliases == 0 || !submission.HasInputs)
        {
            return submission;
        }

        var rules = new List<InputRule>(submission.Rules.Count);
        foreach (var rule in submission.Rules)
        {
            if (Resolve(rule, submission.Count) is not { } resolved)
            {
                return ResolveEach(submission);
            }

            rules.Add(resolved);
        }

        return submission.InputIds.IsEmpty ? submission.WithInputs(rules, default, default) : ResolveEach(submission);
    }

    /// <summary>The rule as it is when it names no alias; by the rule of the aliases when it stays within one submission of them; else null.</summary>
    private InputRule? Resolve(InputRule rule, int tasks)
    {
        var slot = _tasks.Find(rule.Start);
        if (slot < 0 || !Has(slot, TaskFlags.Alias))
        {
            return NamesAlias(rule, tasks) ? null : rule;
        }

        var aliases = SubmissionOf(slot).Spec;
        if (aliases.Rules is not [{ Count: 1, Step: 1 } targets] || aliases.InputEnds.Length > 0)
        {
            return null;
        }

        var (acrossTasks, acrossInputs) = ((tasks - 1) * rule.Step, (rule.Count - 1) * rule.Stride);
        var least = rule.Start + (Math.Min(0, acrossTasks) + Math.Min(0, acrossInputs));
        var most = rule.Start + (Math.Max(0, acrossTasks) + Math.Max(0, acrossInputs));
        return aliases.Run.Contains(least) && aliases.Run.Contains(most)
            ? rule with { Start = targets.Start + (rule.Start - aliases.First) }
            : null;
    }

    private bool NamesAlias(InputRule rule, int tasks)
    {
        // An input that all tasks share is looked at once.
        for (var task = 0; task < (rule.Step == 0 ? 1 : tasks); task++)
        {
            for (var j = 0; j < rule.Count; j++)
            {
                if (_tasks.Find(rule.Input(task, j)) is var slot and >= 0 && Has(slot, TaskFlags.Alias))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private Submission ResolveEach(Submission submission)
    {
        var inputs = 0L;
        for (var task = 0; task < submission.Count; task++)
        {
            inputs += submission.InputCount(task);
        }

        if (inputs > ResolvedInputsMax)
        {
            return submission;
        }

        var ids = new byte[inputs * sizeof(ulong)];
        var ends = new byte[submission.Count * sizeof(uint)];
        var next = 0;
        for (var task = 0; task < submission.Count; task++)
        {
            for (var k = 0; k < submission.InputCount(task); k++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(ids.AsSpan(next++ * sizeof(ulong)), StoredAs(submission.Input(task, k)).Value);
            }

            BinaryPrimitives.WriteInt32LittleEndian(ends.AsSpan(task * sizeof(uint)), next);
        }

        return submission.WithInputs([], ids, ends);
    }
}
