namespace Weft.Client.Core;

/// <summary>Gives things numbers from 1 and says which of them this connection has not been told yet.</summary>
internal sealed class NumberTable<T>
    where T : class
{
    private readonly Dictionary<T, uint> _numbers = [];
    private readonly List<T> _items = [];

    /// <summary>Which numbers have been sent on this connection.</summary>
    private readonly List<bool> _told = [];

    public int Count => _items.Count;

    public uint NumberOf(T item)
    {
        if (!_numbers.TryGetValue(item, out var number))
        {
            _items.Add(item);
            _told.Add(false);
            number = (uint)_items.Count;
            _numbers.Add(item, number);
        }

        return number;
    }

    /// <summary>True the first time for each number.</summary>
    public bool TellOnce(uint number)
    {
        var first = !_told[(int)number - 1];
        _told[(int)number - 1] = true;
        return first;
    }

    /// <summary>A new connection has been told nothing.</summary>
    public void ForgetTold()
    {
        for (var index = 0; index < _told.Count; index++)
        {
            _told[index] = false;
        }
    }
}
