using Google.Protobuf;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>
/// Functions by the scheduler's own numbers. Clients number theirs per session; equal ones of all sessions are one here, so that a
/// worker is sent each only once and what is known of its duration serves every client. Thread safe: readers add, the loop looks up.
/// </summary>
internal sealed class FunctionTable
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _functions = [new Entry(ByteString.Empty, "", "")];
    private readonly Dictionary<(ByteString Descriptor, string Bundle), int> _numbers = [];
    private int _noted = 1;
    private int _count = 1;

    public int Add(ByteString descriptor, string name, string bundle)
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

    /// <summary>All of them, for a snapshot.</summary>
    public IReadOnlyList<FunctionDefined> Facts()
    {
        lock (_lock)
        {
            return Enumerable.Range(1, _functions.Count - 1).Select(FactOf).ToArray();
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
            _numbers[(entry.Descriptor, entry.Bundle)] = fact.Number;
            _noted = _count = _functions.Count;
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

    internal readonly record struct Entry(ByteString Descriptor, string Name, string Bundle);
}
