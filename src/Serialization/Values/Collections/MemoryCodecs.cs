using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Weft.Serialization;

/// <summary>What memory shows, as an array of its own: two memories over one array come back as two arrays.</summary>
internal sealed class MemoryCodec<T>(ValueSerializer serializer) : ValueCodec<Memory<T>>
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);

    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, Memory<T> value) => _elements.Write(ref writer, value.Span);

    public override Memory<T> Read(ref ValueReader reader) => _elements.ReadArray(ref reader);
}

/// <inheritdoc cref="MemoryCodec{T}"/>
internal sealed class ReadOnlyMemoryCodec<T>(ValueSerializer serializer) : ValueCodec<ReadOnlyMemory<T>>
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);

    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, ReadOnlyMemory<T> value) => _elements.Write(ref writer, value.Span);

    public override ReadOnlyMemory<T> Read(ref ValueReader reader) => _elements.ReadArray(ref reader);
}

/// <inheritdoc cref="MemoryCodec{T}"/>
internal sealed class ArraySegmentCodec<T>(ValueSerializer serializer) : ValueCodec<ArraySegment<T>>
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);

    public override void Write(ref ValueWriter writer, ArraySegment<T> value)
    {
        if (value.Array is null)
        {
            writer.WriteNil();
        }
        else
        {
            _elements.Write(ref writer, value);
        }
    }

    public override ArraySegment<T> Read(ref ValueReader reader) => reader.TryReadNil() ? default : new ArraySegment<T>(_elements.ReadArray(ref reader));
}

/// <summary>The default one, which is not even empty, is nil.</summary>
internal sealed class ImmutableArrayCodec<T>(ValueSerializer serializer) : ValueCodec<ImmutableArray<T>>
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);

    public override void Write(ref ValueWriter writer, ImmutableArray<T> value)
    {
        if (value.IsDefault)
        {
            writer.WriteNil();
        }
        else
        {
            _elements.Write(ref writer, value.AsSpan());
        }
    }

    public override ImmutableArray<T> Read(ref ValueReader reader) =>
        reader.TryReadNil() ? default : ImmutableCollectionsMarshal.AsImmutableArray(_elements.ReadArray(ref reader));
}
