using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What the scheduler knows of one client's session.</summary>
internal sealed class SessionEntry(SessionId id)
{
    public SessionId Id => id;

    public bool IsAttached { get; set; } = true;

    /// <summary>It is from before a restart, and its client has not come back: its tasks wait for that.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>When a detached session ends.</summary>
    public long ExpiresMs { get; set; } = long.MaxValue;

    /// <summary>The least sequence number that the next submission may start with. Submissions before it are duplicates.</summary>
    public ulong NextSequence { get; set; }

    /// <summary>Tasks below it were cancelled and forgotten when the cluster was restarted.</summary>
    public ulong ForgottenBelow { get; set; }

    /// <summary>The client has been told so on its present connection.</summary>
    public bool IsForgottenTold { get; set; } = true;

    /// <summary>Submissions below it survive whatever happens to the scheduler.</summary>
    public ulong SafeSequence { get; set; }

    public ulong AcknowledgedUpTo { get; set; }

    /// <summary>Where submissions reached when so many facts were noted: they are safe when those are.</summary>
    public Queue<(long Facts, ulong NextSequence)> Unsafe { get; } = [];

    /// <summary>The last that was put there.</summary>
    public ulong WatchedSequence { get; set; }

    /// <summary>Tasks whose state the client is to be told of. What is told is read off the tasks when it is told.</summary>
    public List<TaskRun> Dirty { get; } = [];

    /// <summary>Its ready tasks that wait for nothing but that its client comes back. Entries are hints, as in the lanes.</summary>
    public List<TaskRun> HeldBack { get; } = [];

    public void MarkDirty(TaskRun run) => Dirty.AddOrJoin(run);
}
