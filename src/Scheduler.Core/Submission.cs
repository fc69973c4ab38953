using System.Buffers.Binary;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// A range of tasks with one function and one set of options, as a client submitted it. Immutable: actions refer to it,
/// and it is all that is needed to run any of its tasks again.
/// </summary>
public sealed class Submission
{
    /// <summary>The most inputs that one task may have by rule.</summary>
    private const int InputsMax = 1 << 26;

    /// <summary>The most inputs that all of its tasks may have together: each that is not there yet is an edge of the graph, of 12 bytes.</summary>
    private const long EdgesMax = 1L << 28;

    /// <summary>Of values that a client brought; and, with inputs, of tasks that stand for others.</summary>
    public const int NoFunction = 0;

    private int _ruleInputs = -1;

    public required TaskId First { get; init; }

    public required int Count { get; init; }

    /// <summary>The scheduler's own number of the function, from 1.</summary>
    public required int Function { get; init; }

    public TaskOptions Options { get; init; } = TaskOptions.Default;

    /// <summary>The arguments of every task, when <see cref="Arguments"/> is empty.</summary>
    public ReadOnlyMemory<byte> SharedArguments { get; init; }

    /// <summary>The arguments of each task, or empty.</summary>
    public ByteColumn Arguments { get; init; }

    public IReadOnlyList<InputRule> Rules { get; init; } = [];

    /// <summary>64-bit ids of the inputs that follow no rule, task after task.</summary>
    public ReadOnlyMemory<byte> InputIds { get; init; }

    /// <summary>For each task the number of <see cref="InputIds"/> up to and with its own; empty when no task has any.</summary>
    public ReadOnlyMemory<byte> InputEnds { get; init; }

    public string Key { get; init; } = "";

    public TaskRun Run => new(First, Count);

    /// <summary>What it keeps of the message that it came in.</summary>
    public long Bytes => (long)SharedArguments.Length + Arguments.Data.Length + InputIds.Length + InputEnds.Length;

    /// <summary>Its tasks never run: each stands for its one input.</summary>
    public bool IsAlias => Function == NoFunction && HasInputs;

    public bool HasInputs => Rules.Count > 0 || InputIds.Length > 0;

    /// <summary>The number of inputs that every task has by rule.</summary>
    public int RuleInputs
    {
        get
        {
            if (_ruleInputs < 0)
            {
                var sum = 0;
                foreach (var rule in Rules)
                {
                    sum += rule.Count;
                }

                _ruleInputs = sum;
            }

            return _ruleInputs;
        }
    }

    public int InputCount(int task) => RuleInputs + (InputEnds.IsEmpty ? 0 : EndOf(task) - StartOf(task));

    public TaskId Input(int task, int index)
    {
        foreach (var rule in Rules)
        {
            if (index < rule.Count)
            {
                return rule.Input(task, index);
            }

            index -= rule.Count;
        }

        var at = (StartOf(task) + index) * sizeof(ulong);
        return new TaskId(BinaryPrimitives.ReadUInt64LittleEndian(InputIds.Span[at..]));
    }

    /// <summary>Bytes that the arguments of one task take, on average.</summary>
    public long MeanArgumentBytes => Arguments.Count == 0 ? 0 : Arguments.Data.Length / Arguments.Count;

    /// <summary>The ids of a sub-range that follow no rule, and their ends counted from that sub-range's start.</summary>
    public (ReadOnlyMemory<byte> Ids, ReadOnlyMemory<byte> Ends) InputLists(int offset, int count)
    {
        if (InputEnds.IsEmpty)
        {
            return default;
        }

        var start = StartOf(offset);
        var ids = InputIds[(start * sizeof(ulong))..(EndOf(offset + count - 1) * sizeof(ulong))];
        if (start == 0)
        {
            return (ids, InputEnds.Slice(offset * sizeof(uint), count * sizeof(uint)));
        }

        var ends = new byte[count * sizeof(uint)];
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(ends.AsSpan(i * sizeof(uint)), EndOf(offset + i) - start);
        }

        return (ids, ends);
    }

    /// <summary>The same submission without its first tasks.</summary>
    public Submission From(int offset)
    {
        var count = Count - offset;
        var (ids, ends) = InputLists(offset, count);
        return new Submission
        {
            First = First + offset,
            Count = count,
            Function = Function,
            Options = Options,
            SharedArguments = SharedArguments,
            Arguments = Arguments.Count == 0 ? Arguments : Arguments.Slice(offset, count),
            Rules = Rules.Select(rule => rule.From(offset)).ToArray(),
            InputIds = ids,
            InputEnds = ends,
            Key = Key,
        };
    }

    /// <summary>The same submission with other inputs.</summary>
    public Submission WithInputs(IReadOnlyList<InputRule> rules, ReadOnlyMemory<byte> ids, ReadOnlyMemory<byte> ends) => new()
    {
        First = First,
        Count = Count,
        Function = Function,
        Options = Options,
        SharedArguments = SharedArguments,
        Arguments = Arguments,
        Rules = rules,
        InputIds = ids,
        InputEnds = ends,
        Key = Key,
    };

    /// <summary>What is wrong with the input columns, or null. To be asked once of what came from a client, before anything else.</summary>
    public string? FindFault()
    {
        long byRule = 0;
        foreach (var rule in Rules)
        {
            byRule += rule.Count;
        }

        if (byRule > InputsMax)
        {
            return $"{byRule} inputs by rule; allowed are {InputsMax}";
        }

        var edges = (byRule * Count) + (InputIds.Length / sizeof(ulong));
        if (edges > EdgesMax)
        {
            return $"{edges} inputs of all its tasks together; allowed are {EdgesMax}";
        }

        if (InputEnds.IsEmpty)
        {
            return InputIds.IsEmpty ? null : "inputs without input_ends";
        }

        if (InputEnds.Length != (long)Count * sizeof(uint) || InputIds.Length % sizeof(ulong) != 0)
        {
            return "input_ends is not one word for each task, or inputs are not whole words";
        }

        var last = 0;
        for (var task = 0; task < Count; task++)
        {
            var end = EndOf(task);
            if (end < last || end > InputIds.Length / sizeof(ulong))
            {
                return "input_ends does not rise, or leads beyond the inputs";
            }

            last = end;
        }

        return null;
    }

    private int StartOf(int task) => task == 0 ? 0 : EndOf(task - 1);

    private int EndOf(int task) => BinaryPrimitives.ReadInt32LittleEndian(InputEnds.Span[(task * sizeof(uint))..]);
}
