namespace Weft.Client.Core;

/// <summary>What every worker is to run before the session's tasks, and which of it this connection has not been told yet. It outlives sessions.</summary>
internal sealed class SetupTable
{
    /// <summary>By number, from 1; a withdrawn one leaves an empty place, which is told as well and used again.</summary>
    private readonly List<Entry> _entries = [];

    public bool HasUntold { get; private set; }

    public int Count => _entries.Count(static entry => entry.Setup is not null);

    public void Add(SetupDefinition setup)
    {
        var place = _entries.FindIndex(static entry => entry.Setup is null);
        if (place < 0)
        {
            place = _entries.Count;
            _entries.Add(default);
        }

        _entries[place] = new Entry(setup, IsTold: false);
        HasUntold = true;
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(SetupDefinition setup)
    {
        var place = _entries.FindIndex(entry => ReferenceEquals(entry.Setup, setup));
        if (place < 0)
        {
            return false;
        }

        _entries[place] = new Entry(null, IsTold: false);
        HasUntold = true;
        return true;
    }

    /// <summary>A new connection has been told nothing. Withdrawals too are told again: the broken connection may have swallowed them.</summary>
    public void ForgetTold()
    {
        for (var place = 0; place < _entries.Count; place++)
        {
            _entries[place] = _entries[place] with { IsTold = false };
        }

        HasUntold = _entries.Count > 0;
    }

    /// <summary>Tells what has not been told; null stands for a withdrawn one.</summary>
    public IEnumerable<Numbered<SetupDefinition?>> TakeUntold()
    {
        HasUntold = false;
        for (var place = 0; place < _entries.Count; place++)
        {
            if (!_entries[place].IsTold)
            {
                _entries[place] = _entries[place] with { IsTold = true };
                yield return new Numbered<SetupDefinition?>((uint)place + 1, _entries[place].Setup);
            }
        }
    }

    private readonly record struct Entry(SetupDefinition? Setup, bool IsTold);
}
