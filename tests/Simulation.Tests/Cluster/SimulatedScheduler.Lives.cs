using Weft.Primitives;
using Weft.Scheduler;
using Weft.Scheduler.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>It may die, and another begins from its journal: what is told to anybody on the strength of a fact waits until that is safe.</summary>
internal sealed partial class SimulatedScheduler
{
    private readonly Queue<(long Facts, Action Do)> _whenSafe = new();
    private readonly SimulatedJournal _journal = new();
    private readonly List<SchedulerCore> _past = [];
    private long _safeFacts;
    private int _noted;
    private bool _isAlive = true;
    private int _life;

    /// <summary>It is killed, or its host loses power; after a while another takes its place.</summary>
    public void Die()
    {
        if (!_isAlive)
        {
            return;
        }

        _isAlive = false;
        _life++;
        _inbox.Clear();
        _whenSafe.Clear();
        _requests.Clear();
        _safeFacts = 0;
        _actions.Clear();
        foreach (var fact in _random.Chance(300) ? _journal.Cut(_random) : [])
        {
            _simulation.NoteLost(fact);
        }

        foreach (var worker in _workers.Values.ToList())
        {
            worker.LoseScheduler();
        }

        foreach (var client in _clients.Values.ToList())
        {
            client.LoseScheduler();
        }

        _workers.Clear();
        _clients.Clear();
        _simulation.Clock.After(_random.Magnitude(1_000, 20_000_000), BeginAgain);
    }

    private void BeginAgain()
    {
        _past.Add(Core);
        _noted = 0;
        Epoch++;
        Core = NewCore(Epoch);
        _functions = new FunctionTable();
        _isAlive = true;
        _isAwake = false;
        _pausedUntilUs = 0;
        _timerMs = long.MaxValue;
        _resumable.Clear();
        var facts = _journal.Read();
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case SessionOpened opened: _resumable.Add(opened.Session.Value); break;
                case SessionClosed closed: _resumable.Remove(closed.Session.Value); break;
                case FunctionDefined function: _functions.Restore(function); break;
            }
        }

        _functions.RestoreSessions(_resumable);
        Core.Restore(facts, _simulation.Clock.NowMs);
        Core.CheckInvariants();
        _simulation.NoteBegunAgain(facts);
        if (_random.Chance(500))
        {
            _journal.Replace(Snapshot());
        }

        Wake();
    }

    public List<SchedulerFact> Facts() => _journal.Read();

    public List<SchedulerFact> Snapshot()
    {
        var needed = new HashSet<int>();
        Core.AddFunctions(needed);
        _functions.Retain(_resumable.ToHashSet(), needed);
        List<SchedulerFact> facts = [.. _resumable.Select(session => new SessionOpened(new SessionId(session), default)), .. _functions.Facts()];
        Core.AddSnapshot(facts);
        return facts;
    }

    public SchedulerCore NewCore(uint epoch) => new(_options with { Epoch = epoch });

    private void WriteFacts()
    {
        NoteFacts();
        if (Core.Facts.Count == 0)
        {
            return;
        }

        foreach (var fact in Core.Facts.Span)
        {
            _journal.Append(fact);
        }

        Core.Facts.Clear();
        _noted = 0;
        var (life, noted, written) = (_life, Core.Facts.Noted, _journal.Written);
        _simulation.Clock.After(_random.Between(1, 50_000), () =>
        {
            if (life == _life)
            {
                _journal.Sync(written);
                Post(() => OnSynced(noted));
            }
        });
    }

    /// <summary>Shows the checkers each fact next to the event of which it came.</summary>
    private void NoteFacts()
    {
        for (; _noted < Core.Facts.Count; _noted++)
        {
            _simulation.Note(Core.Facts.Span[_noted]);
        }
    }

    private void OnSynced(long facts)
    {
        _safeFacts = Math.Max(_safeFacts, facts);
        while (_whenSafe.TryPeek(out var waiting) && waiting.Facts <= facts)
        {
            _whenSafe.Dequeue().Do();
        }

        Apply(new FactsBecameSafe(facts));
        foreach (var worker in _workers.Values)
        {
            var upTo = worker.TakeSafe(facts);
            if (upTo > 0)
            {
                worker.Order(new V1.WorkerOrders { ReceivedUpTo = upTo });
            }
        }
    }
}
