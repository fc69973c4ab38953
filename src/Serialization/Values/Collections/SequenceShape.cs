namespace Weft.Serialization;

/// <summary>
/// A collection that is its elements in an order. One that can be filled after it is made may contain itself; an immutable one is made when its elements are read.
/// </summary>
internal abstract class SequenceShape<TCollection, T>(ValueSerializer serializer) : Shape(typeof(TCollection))
    where TCollection : class
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);

    /// <summary>The elements in the order in which <see cref="Fill"/> takes them. A copy, so a collection that others change meanwhile is written as it was at one moment.</summary>
    protected abstract T[] ItemsOf(TCollection collection);

    /// <summary>An empty collection to be filled, or null if it is made whole.</summary>
    protected virtual TCollection? CreateEmpty() => null;

    protected virtual void Fill(TCollection collection, T[] items) => throw new NotSupportedException();

    protected virtual TCollection Build(T[] items) => throw new NotSupportedException();

    public override void Write(ref ValueWriter writer, object value) => _elements.Write(ref writer, ItemsOf((TCollection)value));

    public override object Read(ref ValueReader reader, int number)
    {
        if (CreateEmpty() is not { } collection)
        {
            return Build(_elements.ReadArray(ref reader));
        }

        reader.References.Set(number, collection);
        Fill(collection, _elements.ReadArray(ref reader));
        return collection;
    }
}
