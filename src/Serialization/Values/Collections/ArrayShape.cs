using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>An array of one dimension that starts at zero.</summary>
internal sealed class ArrayShape<T>(ValueSerializer serializer) : Shape(typeof(T[]))
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);

    public override void Write(ref ValueWriter writer, object value) => _elements.Write(ref writer, Unsafe.As<T[]>(value));

    public override object Read(ref ValueReader reader, int number)
    {
        ElementsHead head = _elements.ReadHead(ref reader);
        T[] items = Elements<T>.Allocate(head.Count);
        reader.References.Set(number, items);
        _elements.Fill(ref reader, head, items);
        return items;
    }
}
