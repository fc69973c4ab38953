using Google.Protobuf;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>
/// Functions by the scheduler's own numbers. Clients number theirs per session; equal ones of all sessions are one here, so that a
/// worker is sent each only once and what is known of its duration serves every client. One that nobody can name any more is forgotten with the
/// next snapshot, and its number is never given to another. Thread safe: readers add, the loop looks up.
/// </summary>
internal sealed class FunctionTable
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _functions = [new Entry(ByteString.Empty, "", "")];
    private readonly Dictionary<(ByteString Descriptor, string Bundle), int> _numbers = [];

    /// <summary>Numbers that sessions have defined: a client defines a function once on each connection, and may submit by it until its session ends.</summary>
    private readonly Dictionary<uint, HashSet<int>> _named = [];

    /// <summary>Sessions of before a restart. Which of them named which function is not known: any that is there still may name all that is below <see cref="_formerCount"/>.</summary>
    private readonly HashSet<uint> _formerSessions = [];
    private int _formerCount = 1;
    private int _noted = 1;
    private int _count = 1;

    public int Add(SessionId session, ByteString descriptor, string name, string bundle)
    {
        lock (_lock)
        {
            if (!_numbers.TryGetValue((descriptor, bundle), out var number))
            {
                number = _functions.Count;
                _functions.Add(new Entry(descriptor, name, bundle));
                Volatile.Write(ref _count, _functions.Count);
                _numbers.Add((descriptor, bundle), number);
            }

            if (!_named.TryGetValue(session.Value, out var named))
            {
                named = _named[session.Value] = [];
            }

            named.Add(number);
            return number;
        }
    }

    public bool HasNew => Volatile.Read(ref _noted) < Volatile.Read(ref _count);

    /// <summary>Moves what was defined since the last call among the facts: before anything that refers to it.</summary>
    public void TakeNew(FactList facts)
    {
        lock (_lock)
        {
            for (; _noted < _functions.Count; _noted++)
            {
                facts.Add(FactOf(_noted));
            }
        }
    }

    /// <summary>All of them, for a snapshot. The last number is there also when its function is forgotten: the next scheduler goes on above it.</summary>
    public IReadOnlyList<FunctionDefined> Facts()
    {
        lock (_lock)
        {
            return Enumerable.Range(1, _functions.Count - 1).Where(number => !_functions[number].IsForgotten || number == _functions.Count - 1).Select(FactOf).ToArray();
        }
    }

    /// <summary>Forgets what nobody can name any more.</summary>
    /// <param name="sessions">All that are connected, or held until their clients come back.</param>
    /// <param name="needed">Functions that are needed whoever is there.</param>
    public void Retain(IReadOnlySet<uint> sessions, IReadOnlySet<int> needed)
    {
        lock (_lock)
        {
            foreach (var gone in _named.Keys.Where(session => !sessions.Contains(session)).ToArray())
            {
                _named.Remove(gone);
            }

            _formerSessions.IntersectWith(sessions);
            var kept = _named.Values.SelectMany(static named => named).Concat(needed).ToHashSet();
            for (var number = _formerSessions.Count > 0 ? _formerCount : 1; number < _functions.Count; number++)
            {
                if (!kept.Contains(number) && !_functions[number].IsForgotten)
                {
                    _numbers.Remove((_functions[number].Descriptor, _functions[number].Bundle));
                    _functions[number] = _functions[0];
                }
            }
        }
    }

    /// <summary>Gives a function the number that it had with an earlier scheduler: the workers of then know it by that.</summary>
    public void Restore(FunctionDefined fact)
    {
        lock (_lock)
        {
            var entry = new Entry(ByteString.CopyFrom(fact.Descriptor.Span), fact.Name, fact.Bundle);
            while (_functions.Count <= fact.Number)
            {
                _functions.Add(_functions[0]);
            }

            _functions[fact.Number] = entry;
            if (!entry.IsForgotten)
            {
                _numbers[(entry.Descriptor, entry.Bundle)] = fact.Number;
            }

            _noted = _count = _formerCount = _functions.Count;
        }
    }

    /// <summary>Whose clients may come back, and define again what they had defined with the earlier scheduler.</summary>
    public void RestoreSessions(IEnumerable<uint> sessions)
    {
        lock (_lock)
        {
            _formerSessions.UnionWith(sessions);
        }
    }

    private FunctionDefined FactOf(int number) => new(number, _functions[number].Descriptor.Memory, _functions[number].Name, _functions[number].Bundle);

    public Entry this[int number]
    {
        get
        {
            lock (_lock)
            {
                return _functions[number];
            }
        }
    }

    internal readonly record struct Entry(ByteString Descriptor, string Name, string Bundle)
    {
        public bool IsForgotten => Descriptor.IsEmpty && Name.Length == 0 && Bundle.Length == 0;
    }
}
