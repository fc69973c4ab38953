using System.Collections.Generic;

namespace Weft.Serialization;

/// <summary>
/// Numbers the objects and types of one value in the order in which they are first written. The reader counts alike, so nothing but a repetition
/// costs a byte. A few are searched in a list, which most values never outgrow; more go to a dictionary.
/// </summary>
internal sealed class WrittenReferences
{
    private const int ListMax = 8;

    /// <summary>A dictionary that grew beyond this is not kept for the next value: one huge graph must not pin its size for good.</summary>
    private const int KeptMax = 4096;

    [ThreadStatic]
    private static WrittenReferences? _spare;

    private readonly List<object> _objects = [];
    private readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<Type> _types = [];

    public int ObjectCount => _objects.Count;

    public int TypeCount => _types.Count;

    public static WrittenReferences Rent()
    {
        WrittenReferences? spare = _spare;
        _spare = null;
        return spare ?? new WrittenReferences();
    }

    public void Return()
    {
        if (_objects.Count > KeptMax)
        {
            return;
        }

        RollBackTo(0, 0);
        _spare = this;
    }

    public bool TryAdd(object value, out int number)
    {
        if (_objects.Count <= ListMax)
        {
            for (number = 0; number < _objects.Count; number++)
            {
                if (ReferenceEquals(_objects[number], value))
                {
                    return false;
                }
            }

            _objects.Add(value);
            if (_objects.Count > ListMax)
            {
                for (int i = 0; i < _objects.Count; i++)
                {
                    _numbers.Add(_objects[i], i);
                }
            }

            return true;
        }

        number = _objects.Count;
        if (!_numbers.TryAdd(value, number))
        {
            number = _numbers[value];
            return false;
        }

        _objects.Add(value);
        return true;
    }

    public bool TryAddType(Type type, out int number)
    {
        // Types in one value are few: the list stays short.
        number = _types.IndexOf(type);
        if (number >= 0)
        {
            return false;
        }

        _types.Add(type);
        return true;
    }

    /// <summary>Forgets what was met after the given counts, because its bytes are dropped.</summary>
    public void RollBackTo(int objectCount, int typeCount)
    {
        if (objectCount <= ListMax)
        {
            _numbers.Clear();
        }
        else
        {
            for (int i = objectCount; i < _objects.Count; i++)
            {
                _numbers.Remove(_objects[i]);
            }
        }

        _objects.RemoveRange(objectCount, _objects.Count - objectCount);
        _types.RemoveRange(typeCount, _types.Count - typeCount);
    }
}
