using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Serialization;

/// <summary>An inline array or a fixed buffer: a struct whose one field stands for as many elements as fit its size.</summary>
internal sealed class InlineArrayCodec<T, TElement>(ValueSerializer serializer) : ValueCodec<T>
    where T : struct
{
    private readonly Elements<TElement> _elements = ElementsFactory.For<TElement>(serializer);

    internal override bool MayWriteNil => false;

    private static int Count => Unsafe.SizeOf<T>() / Unsafe.SizeOf<TElement>();

    public override void Write(ref ValueWriter writer, T value) => _elements.Write(ref writer, ElementsOf(ref value));

    public override T Read(ref ValueReader reader)
    {
        T value = default;
        ElementsHead head = _elements.ReadHead(ref reader);
        if (head.Count != Count)
        {
            ValueSerializationException.Malformed($"{head.Count} elements for {TypeNames.Display(typeof(T))}, which has {Count}");
        }

        _elements.Fill(ref reader, head, ElementsOf(ref value));
        return value;
    }

    private static Span<TElement> ElementsOf(ref T value) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, TElement>(ref value), Count);
}
