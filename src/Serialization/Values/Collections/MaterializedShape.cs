namespace Weft.Serialization;

/// <summary>A sequence that is evaluated on demand (an iterator, a query): it is evaluated here and travels as an array.</summary>
internal sealed class MaterializedShape<T>(ValueSerializer serializer) : Shape(typeof(T[]))
{
    /// <summary>A sequence without end must fail before it takes all memory.</summary>
    private const int CountMax = 1 << 27;

    private readonly Shape _array = serializer.ShapeFor(typeof(T[]));

    public override void Write(ref ValueWriter writer, object value)
    {
        T[] items = ((IEnumerable<T>)value).Take(CountMax + 1).ToArray();
        if (items.Length > CountMax)
        {
            throw new ValueSerializationException($"A lazily evaluated sequence has more than {CountMax} elements; it may have no end. Take as many as are needed");
        }

        _array.Write(ref writer, items);
    }

    public override object Read(ref ValueReader reader, int number) => _array.Read(ref reader, number);
}
