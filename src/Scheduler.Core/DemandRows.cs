using System.Numerics;

namespace Weft.Scheduler.Core;

/// <summary>
/// Adds demand up by shape and by the length of functions. Short and long ones must not become one mean: work by it is slots for neither. A row takes those that are less
/// than twice as long as each other, so that there are a few dozens for each shape, however many functions there are.
/// </summary>
internal sealed class DemandRows(IReadOnlyList<TaskShape> shapes)
{
    /// <summary>One for those that nothing is known of, and one for each power of two nanoseconds.</summary>
    private const int LengthsMax = 64;

    private readonly Row[]?[] _rows = new Row[]?[shapes.Count];

    /// <param name="shape">Of the tasks.</param>
    /// <param name="meanNs">Of their function; negative: none has ended.</param>
    /// <param name="tasks">How many could begin.</param>
    /// <param name="running">How many hold what they need.</param>
    public void Add(TaskShape shape, long meanNs, int tasks, int running)
    {
        var rows = _rows[shape.Number] ??= new Row[LengthsMax];
        var knownNs = meanNs < 0 ? 0 : Math.Max(1, meanNs);
        ref var row = ref rows[knownNs == 0 ? 0 : 1 + BitOperations.Log2((ulong)knownNs)];
        row.Tasks += tasks;
        row.Running += running;
        row.SumNs += (Int128)knownNs * (tasks + running);
    }

    /// <summary>By shapes in the order in which they were first met, and by length.</summary>
    public IReadOnlyList<Demand> ToList()
    {
        var demand = new List<Demand>();
        foreach (var shape in shapes)
        {
            foreach (var row in _rows[shape.Number] ?? [])
            {
                if (row.Tasks + row.Running is var all and > 0)
                {
                    demand.Add(new Demand(shape.Resources, shape.IsRestricted, row.Tasks, row.Running, (long)(row.SumNs / all)));
                }
            }
        }

        return demand;
    }

    private struct Row
    {
        public long Tasks;
        public long Running;
        public Int128 SumNs;
    }
}
