using Google.Protobuf;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Writes what a session is told into its next notice.</summary>
internal static class ClientNoticeWriter
{
    /// <summary>About how many bytes an action adds to a notice, without values: those are counted as they are.</summary>
    public static int BytesOf(in SchedulerAction action) =>
        64 + (action.Error is { } error ? (2 * (error.Message.Length + error.StackTrace.Length)) + error.Exception.Length : 0);

    public static void Write(ClientNotice notice, in SchedulerAction action, SchedulerCore core)
    {
        switch (action.Kind)
        {
            case ActionKind.Acknowledge:
                notice.SubmittedUpTo = action.Run.First.Sequence;
                break;
            case ActionKind.TellForgotten:
                notice.ForgottenBelow = action.Run.First.Sequence;
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
                notice.Values.Add(ValueParts.Of(action.Run, core));
                break;
            case ActionKind.TellHolders:
                notice.Located.Add(ReadHolders(action.Run.First, core));
                break;
            default:
                throw new InvariantException($"{action.Kind} is not for clients.");
        }
    }

    private static Located ReadHolders(TaskId task, SchedulerCore core)
    {
        var stored = core.StoredAs(task);
        var located = new Located { Task = task.Value, SizeBytes = (ulong)core.StoredBytesOf(task), StoredAs = stored == task ? 0 : stored.Value };
        foreach (var holder in core.HoldersOf(task))
        {
            located.Addresses.Add(holder.Address);
            located.Fingerprints.Add(holder.Fingerprint);
        }

        return located;
    }
}
