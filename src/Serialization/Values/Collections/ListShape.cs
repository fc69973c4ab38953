using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Serialization;

internal sealed class ListShape<T>(ValueSerializer serializer) : Shape(typeof(List<T>))
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);

    public override void Write(ref ValueWriter writer, object value) => _elements.Write(ref writer, CollectionsMarshal.AsSpan(Unsafe.As<List<T>>(value)));

    public override object Read(ref ValueReader reader, int number)
    {
        ElementsHead head = _elements.ReadHead(ref reader);
        List<T> list = new(head.Count);
        CollectionsMarshal.SetCount(list, head.Count);
        reader.References.Set(number, list);
        _elements.Fill(ref reader, head, CollectionsMarshal.AsSpan(list));
        return list;
    }
}
