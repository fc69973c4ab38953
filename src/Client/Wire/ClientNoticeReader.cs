using Weft.Client.Core;
using Weft.Primitives;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Client;

/// <summary>What the scheduler tells, as events. Whatever a peer may send is read: what no scheduler sends becomes <see cref="SessionEvent.MalformedNotice"/>.</summary>
internal static class ClientNoticeReader
{
    public static void Read(V1.ClientNotice notice, List<SessionEvent> events)
    {
        if (notice.Welcome is { } welcome)
        {
            events.Add(new SessionEvent.Connected(
                new SessionId(welcome.Session), welcome.Epoch, welcome.SchedulerId, welcome.Resumed, welcome.ResumeKey.Memory));
        }

        if (notice.SubmittedUpTo > 0)
        {
            events.Add(new SessionEvent.SubmissionsAcknowledged(new TaskId(notice.SubmittedUpTo).Sequence));
        }

        if (notice.ForgottenBelow > 0)
        {
            events.Add(new SessionEvent.TasksForgotten(notice.ForgottenBelow));
        }

        foreach (var outcome in notice.Outcomes)
        {
            events.Add(Read(outcome));
        }

        foreach (var values in notice.Values)
        {
            events.Add(RunMapping.TryRead(values.First, values.Count, out var run)
                ? new SessionEvent.ValuesArrived(run, new ByteColumn(values.Data.Memory, values.Ends.Memory))
                : new SessionEvent.MalformedNotice("values"));
        }

        foreach (var located in notice.Located)
        {
            events.Add(Read(located));
        }
    }

    private static SessionEvent Read(V1.Outcome outcome)
    {
        if (!RunMapping.TryRead(outcome.First, outcome.Count, out var run))
        {
            return new SessionEvent.MalformedNotice("outcome");
        }

        var error = outcome.Error is null ? null : Read(outcome.Error, run.First);
        return (TaskPhase)outcome.Phase switch
        {
            TaskPhase.Waiting => new SessionEvent.OutcomeTold(run, FuturePhase.Pending, Error: null),
            TaskPhase.Done => new SessionEvent.OutcomeTold(run, FuturePhase.Done, Error: null),
            TaskPhase.Failed when error?.Kind == ErrorKind.Cancelled => new SessionEvent.OutcomeTold(run, FuturePhase.Cancelled, error),
            TaskPhase.Failed => new SessionEvent.OutcomeTold(run, FuturePhase.Failed, error ?? TaskError.Of(ErrorKind.UserException, run.First, "The scheduler gave no reason.")),
            _ => new SessionEvent.MalformedNotice("outcome"),
        };
    }

    /// <summary>An error without an origin arose in the task itself.</summary>
    private static TaskError Read(V1.Error message, TaskId task)
    {
        var error = message.ToTaskError();
        return error.Origin.Value == 0 ? error with { Origin = task } : error;
    }

    private static SessionEvent Read(V1.Located located)
    {
        var holders = new ResultHolder[located.Addresses.Count];
        for (var index = 0; index < holders.Length; index++)
        {
            holders[index] = new ResultHolder(located.Addresses[index], index < located.Fingerprints.Count ? located.Fingerprints[index] : "");
        }

        return located.SizeBytes <= long.MaxValue
            ? new SessionEvent.ResultLocated(new TaskId(located.Task), new ResultLocation((long)located.SizeBytes, holders, new TaskId(located.StoredAs == 0 ? located.Task : located.StoredAs)))
            : new SessionEvent.MalformedNotice("located");
    }
}
