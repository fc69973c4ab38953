using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>What is kept for a scheduler that starts again, and what waits until it is safe.</summary>
internal sealed partial class SchedulerLoop
{
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What nobody waits for is written so much later.</summary>
    private const int FlushMs = 20;

    private const int BufferedBytesMax = 1 << 20;

    private readonly Journal _journal;
    private readonly Timer _flush;
    private bool _isFlushArmed;
    private bool _isFlushDue;
    private readonly Queue<(long Facts, TaskCompletionSource Safe)> _whenSafe = [];
    private long _safe;

    /// <summary>Whether an earlier scheduler's facts were taken over.</summary>
    public bool HasPast { get; private set; }

    /// <summary>How the journal is, for people.</summary>
    public string JournalText => _journal.Problem is { } problem
        ? $"{_journal.State.ToString().ToLowerInvariant()} since {_journal.ProblemSince:u}: {problem}"
        : _journal.State.ToString().ToLowerInvariant();

    /// <summary>The highest number of a session that was given out before.</summary>
    public uint LastSession { get; private set; }

    /// <summary>Bundles that functions came in; thread safe.</summary>
    public event Action<IReadOnlyCollection<string>>? SnapshotBegan;

    /// <summary>
    /// Notes a new session and what its client has to show to come back to it. Completes when that is safe: a session that a client was told of is
    /// not forgotten.
    /// </summary>
    public Task OpenAsync(SessionId session, byte[] resumeKey)
    {
        var safe = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            _resumeKeys[session.Value] = resumeKey;
            LastSession = Math.Max(LastSession, session.Value);
            Core.Facts.Add(new SessionOpened(session, resumeKey));
            _whenSafe.Enqueue((Core.Facts.Noted, safe));
        });
        return safe.Task;
    }

    /// <summary>Completes when the journal counts: what was known is in this scheduler's own snapshot, or the disk takes nothing.</summary>
    /// <exception cref="SupersededException">Another start has claimed the journal meanwhile: it never will.</exception>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        while (await AskAsync(state => state._journal.State == JournalState.Starting).ConfigureAwait(false))
        {
            if (_journal.SawHigherEpoch)
            {
                throw new SupersededException($"Another scheduler has taken the place of this one (epoch {_journal.Epoch}), which was still starting: the journal was claimed by it.");
            }

            await Task.Delay(ReadyPoll, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The scheduler can be reached from now on.</summary>
    public void OnReachable() => Post(() => Core.AwaitWorkers(Environment.TickCount64));

    /// <summary>Takes no more turns; completes when the last one is over, and what it noted is with the journal.</summary>
    public async Task StopAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            WriteFacts(atOnce: true);
            _isBroken = true;
            stopped.SetResult();
        });
        await Task.WhenAny(stopped.Task, Task.Delay(StopTimeout)).ConfigureAwait(false);
    }

    private void Restore(IReadOnlyList<SchedulerFact> facts)
    {
        HasPast = facts.Count > 0;
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case SessionOpened opened:
                    _resumeKeys[opened.Session.Value] = opened.ResumeKey.ToArray();
                    LastSession = Math.Max(LastSession, opened.Session.Value);
                    break;
                case SubmissionRemembered { Submission.First.Session: var session }:
                    // Of a session that has ended, and whose results have a name: its number must not be given out again.
                    LastSession = Math.Max(LastSession, session.Value);
                    break;
                case SessionClosed closed:
                    _resumeKeys.Remove(closed.Session.Value);
                    _ = _setups.Release(closed.Session);
                    break;
                case FunctionDefined function:
                    Functions.Restore(function);
                    break;
                case SetupChanged setup:
                    _ = _setups.Change(SessionSetup.Of(setup));
                    break;
            }
        }

        Functions.RestoreSessions(_resumeKeys.Keys);
        Core.Restore(facts, Environment.TickCount64);
    }

    /// <summary>
    /// Hands what became true in this turn to the journal. It is written before anything is said on the strength of it; while nothing is, it waits a
    /// moment for more: of a round trip's three turns one writes.
    /// </summary>
    private void WriteFacts(bool atOnce = false)
    {
        foreach (var fact in Core.Facts.Span)
        {
            // What must not run twice is on record before it is sent; and who opens a session or publishes waits for the disk.
            atOnce |= fact is AttemptsSpent or SessionOpened or NamePublished or NameUnpublished or ClusterRestarted;
            _journal.Append(fact);
        }

        Core.Facts.Clear();
        if (_journal.Written < _journal.Appended)
        {
            if (atOnce || _isFlushDue || _journal.BufferedBytes > BufferedBytesMax || _journal.State != JournalState.Writing || Core.SessionsWithNews().Any())
            {
                _isFlushDue = false;
                _journal.Write();
            }
            else if (!_isFlushArmed)
            {
                _isFlushArmed = true;
                _flush.Change(FlushMs, Timeout.Infinite);
            }
        }

        if (_journal.WantsSnapshot)
        {
            _journal.BeginSnapshot(TakeSnapshot());
        }
    }

    private List<SchedulerFact> TakeSnapshot()
    {
        var facts = new List<SchedulerFact>();
        foreach (var (session, key) in _resumeKeys)
        {
            facts.Add(new SessionOpened(new SessionId(session), key));
        }

        if (LastSession > 0 && !_resumeKeys.ContainsKey(LastSession))
        {
            // Its number must not be given out again: a worker that was cut off may come back with a result of it.
            facts.Add(new SessionOpened(new SessionId(LastSession), ReadOnlyMemory<byte>.Empty));
            facts.Add(new SessionClosed(new SessionId(LastSession)));
        }

        ForgetFunctions();
        var functions = Functions.Facts();
        facts.AddRange(functions);
        facts.AddRange(_setups.All.Select(static setup => setup.ToFact()));
        Core.AddSnapshot(facts);
        SnapshotBegan?.Invoke(functions.Select(static function => function.Bundle).ToHashSet(StringComparer.Ordinal));
        return facts;
    }

    /// <summary>Those of sessions that are gone, unless a task of theirs that somebody else needs may run.</summary>
    private void ForgetFunctions()
    {
        var needed = _setups.All.Select(static setup => setup.Function).ToHashSet();
        Core.AddFunctions(needed);
        Functions.Retain(_resumeKeys.Keys.Concat(_clients.Keys).ToHashSet(), needed);
    }

    private void LookWhatIsSafe()
    {
        if (_journal.Synced == _safe || _isBroken)
        {
            return;
        }

        _safe = _journal.Synced;
        Apply(new FactsBecameSafe(_safe));
        LookWhoIsSafe();

        if (_journal.State != JournalState.Off)
        {
            foreach (var worker in _workers.Values)
            {
                worker.Acknowledge(_safe);
            }
        }
    }

    private void LookWhoIsSafe()
    {
        while (_whenSafe.TryPeek(out var waiting) && waiting.Facts <= _safe)
        {
            _whenSafe.Dequeue().Safe.TrySetResult();
        }
    }

    private void OnFlushDue() => Post(() => (_isFlushArmed, _isFlushDue) = (false, true));

    /// <summary>Lets clients and workers hear of what the disk has done meanwhile.</summary>
    private void OnSynced() => Post(static () => { });
}
