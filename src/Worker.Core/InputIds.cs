using System.Buffers.Binary;
using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>
/// Which results the tasks of one assignment take as inputs: those of each rule in turn, then the task's own list.
/// Tasks are named by their place in the assignment.
/// </summary>
public sealed class InputIds
{
    private readonly InputRule[] _rules;
    private readonly int _countByRule;

    /// <summary>64-bit ids, little-endian, of all own lists end to end.</summary>
    private readonly ReadOnlyMemory<byte> _ids;

    /// <summary>For each task the number of ids up to and with its own; empty when there are no own lists.</summary>
    private readonly ReadOnlyMemory<byte> _ends;

    public InputIds(InputRule[] rules, ReadOnlyMemory<byte> ids = default, ReadOnlyMemory<byte> ends = default)
    {
        _rules = rules;
        _ids = ids;
        _ends = ends;
        _countByRule = rules.Sum(static rule => rule.Count);
    }

    public static InputIds Elementwise(TaskId start) => new([new InputRule(start, 1, 1, 0)]);

    public static InputIds FanIn(TaskRun inputs) => new([new InputRule(inputs.First, inputs.Count, 0, 1)]);

    /// <summary>Whether the rules count upwards and the own lists lie within their column: to be asked once of what came from a peer.</summary>
    public static bool IsWellFormed(ReadOnlySpan<InputRule> rules, ReadOnlyMemory<byte> ids, ReadOnlyMemory<byte> ends, int tasks)
    {
        long byRule = 0;
        foreach (var rule in rules)
        {
            if (rule.Count < 0 || (byRule += rule.Count) > int.MaxValue)
            {
                return false;
            }
        }

        if (ends.IsEmpty)
        {
            return ids.IsEmpty;
        }

        if (ends.Length != (long)tasks * sizeof(uint) || ids.Length % sizeof(ulong) != 0)
        {
            return false;
        }

        var last = 0u;
        for (var task = 0; task < tasks; task++)
        {
            var end = BinaryPrimitives.ReadUInt32LittleEndian(ends.Span[(task * sizeof(uint))..]);
            if (end < last || end > ids.Length / sizeof(ulong))
            {
                return false;
            }

            last = end;
        }

        return true;
    }

    public int CountOf(int task) => _countByRule + EndOf(task) - EndOf(task - 1);

    public TaskId this[int task, int input]
    {
        get
        {
            foreach (var rule in _rules)
            {
                if (input < rule.Count)
                {
                    return rule[task, input];
                }

                input -= rule.Count;
            }

            var place = EndOf(task - 1) + input;
            return new TaskId(BinaryPrimitives.ReadUInt64LittleEndian(_ids.Span[(place * sizeof(ulong))..]));
        }
    }

    private int EndOf(int task) =>
        task < 0 || _ends.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(_ends.Span[(task * sizeof(uint))..]);
}
