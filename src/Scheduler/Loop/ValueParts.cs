using Google.Protobuf;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Cuts values that live here into parts that fit into a message with others: many small ones, or one that may be large.</summary>
internal static class ValueParts
{
    public static IEnumerable<Values> Of(TaskRun run, SchedulerCore core)
    {
        while (run.Count > 0)
        {
            var part = Take(run, core);
            yield return part;
            run = run.Slice((int)part.Count, run.Count - (int)part.Count);
        }
    }

    /// <summary>As many as make no more than <see cref="Limits.BatchBytesSoft"/>, and at least one.</summary>
    private static Values Take(TaskRun run, SchedulerCore core)
    {
        var column = new ByteColumnBuilder(Math.Min(run.Count * 8, Limits.BatchBytesSoft), run.Count);
        for (var i = 0; i < run.Count; i++)
        {
            var found = core.TryGetInlineValue(run.First + i, out var value);
            Invariant.Require(found, "a value that is sent is there");
            if (i > 0 && column.ByteCount + value.Length > Limits.BatchBytesSoft)
            {
                break;
            }

            column.Add(value.Span);
        }

        return new Values
        {
            First = run.First.Value,
            Count = (uint)column.Count,
            Data = UnsafeByteOperations.UnsafeWrap(column.Data),
            Ends = UnsafeByteOperations.UnsafeWrap(column.Ends),
        };
    }
}
