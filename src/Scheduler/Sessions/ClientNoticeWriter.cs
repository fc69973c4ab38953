using Google.Protobuf;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Writes what a session is told into its next notice.</summary>
internal static class ClientNoticeWriter
{
    public static void Write(ClientNotice notice, in SchedulerAction action, SchedulerCore core)
    {
        switch (action.Kind)
        {
            case ActionKind.Acknowledge:
                notice.SubmittedUpTo = action.Run.First.Sequence;
                break;
            case ActionKind.TellOutcome:
                notice.Outcomes.Add(new Outcome
                {
                    First = action.Run.First.Value,
                    Count = (uint)action.Run.Count,
                    Phase = (uint)action.Phase,
                    Error = action.Error?.ToMessage(),
                });
                break;
            case ActionKind.SendValues:
                notice.Values.Add(ReadValues(action.Run, core));
                break;
            case ActionKind.TellHolders:
                notice.Located.Add(ReadHolders(action.Run.First, core));
                break;
            default:
                throw new InvariantException($"{action.Kind} is not for clients.");
        }
    }

    public static Values ReadValues(TaskRun run, SchedulerCore core)
    {
        var column = new ByteColumnBuilder(run.Count * 8, run.Count);
        for (var i = 0; i < run.Count; i++)
        {
            var found = core.TryGetInlineValue(run.First + i, out var value);
            Invariant.Require(found, "a value that is sent is there");
            column.Add(value.Span);
        }

        return new Values
        {
            First = run.First.Value,
            Count = (uint)run.Count,
            Data = UnsafeByteOperations.UnsafeWrap(column.Data),
            Ends = UnsafeByteOperations.UnsafeWrap(column.Ends),
        };
    }

    private static Located ReadHolders(TaskId task, SchedulerCore core)
    {
        var located = new Located { Task = task.Value, SizeBytes = (ulong)core.StoredBytesOf(task) };
        foreach (var holder in core.HoldersOf(task))
        {
            located.Addresses.Add(holder.Address);
            located.Fingerprints.Add(holder.Fingerprint);
        }

        return located;
    }
}
