namespace Weft.Serialization;

/// <summary>The reader's side of <see cref="WrittenReferences"/>: objects and types of one value in the order in which they began.</summary>
internal sealed class ReadReferences
{
    private const int KeptMax = 4096;

    [ThreadStatic]
    private static ReadReferences? _spare;

    private readonly List<object?> _objects = [];
    private readonly List<Shape> _types = [];
    private readonly List<Action> _deferred = [];

    public int ObjectCount => _objects.Count;

    public int TypeCount => _types.Count;

    public int DeferredCount => _deferred.Count;

    public object this[int number]
    {
        get
        {
            if ((uint)number >= (uint)_objects.Count)
            {
                ValueSerializationException.Malformed("a reference to an object that does not stand before it");
            }

            return _objects[number] ?? throw new ValueSerializationException(
                "An object refers to itself through a part that can only be made complete (an immutable collection, or a type with its own codec)");
        }
    }

    public static ReadReferences Rent()
    {
        ReadReferences? spare = _spare;
        _spare = null;
        return spare ?? new ReadReferences();
    }

    public void Return()
    {
        if (_objects.Count > KeptMax)
        {
            return;
        }

        _objects.Clear();
        _types.Clear();
        _deferred.Clear();
        _spare = this;
    }

    /// <summary>Takes the next number for an object that is about to be read.</summary>
    public int Reserve()
    {
        _objects.Add(null);
        return _objects.Count - 1;
    }

    public void Set(int number, object value) => _objects[number] = value;

    public void AddType(Shape shape) => _types.Add(shape);

    public Shape TypeAt(int number)
    {
        if ((uint)number >= (uint)_types.Count)
        {
            ValueSerializationException.Malformed("a reference to a type that was not named before it");
        }

        return _types[number];
    }

    /// <summary>Has work done once all objects of the value have their parts: hashing a key, say, that is part of a cycle.</summary>
    public void Defer(Action work) => _deferred.Add(work);

    public void ForgetDeferred(int count) => _deferred.RemoveRange(count, _deferred.Count - count);

    public void RunDeferred()
    {
        foreach (Action work in _deferred)
        {
            work();
        }
    }

    /// <summary>After a part that may have been given up half way: objects of it that were not reached are counted, but cannot be referred to.</summary>
    public void ResumeAt(int objectCount, int typeCount)
    {
        while (_objects.Count < objectCount)
        {
            _objects.Add(null);
        }

        _types.RemoveRange(typeCount, _types.Count - typeCount);
    }
}
