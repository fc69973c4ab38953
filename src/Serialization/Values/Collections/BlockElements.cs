using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Serialization;

/// <summary>Numbers as one block of bytes, little endian: a copy of memory, no work for each.</summary>
internal sealed class BlockElements<T>(ValueCodec<T> codec) : Elements<T>
    where T : unmanaged
{
    private readonly ItemElements<T> _items = new(codec);

    public override void Write(ref ValueWriter writer, scoped ReadOnlySpan<T> items)
    {
        if ((long)items.Length * Unsafe.SizeOf<T>() > Array.MaxLength)
        {
            throw new ValueSerializationException(
                $"{items.Length} elements of {TypeNames.Display(typeof(T))} are more than one value can hold ({Array.MaxLength} bytes); split them");
        }

        if (BitConverter.IsLittleEndian || Unsafe.SizeOf<T>() == 1)
        {
            writer.WriteBinary(MemoryMarshal.AsBytes(items));
            return;
        }

        byte[] swapped = MemoryMarshal.AsBytes(items).ToArray();
        ReverseEach(swapped);
        writer.WriteBinary(swapped);
    }

    public override ElementsHead ReadHead(ref ValueReader reader)
    {
        if (reader.PeekKind() != ValueKind.Binary)
        {
            return _items.ReadHead(ref reader);
        }

        ReadOnlySpan<byte> block = reader.ReadBinary();
        if (block.Length % Unsafe.SizeOf<T>() != 0)
        {
            ValueSerializationException.Malformed($"{block.Length} bytes hold no whole number of {TypeNames.Display(typeof(T))}");
        }

        // A bool beyond 0 and 1 is neither true nor false to compiled code.
        if (typeof(T) == typeof(bool) && block.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            ValueSerializationException.Malformed("a boolean that is neither 0 nor 1");
        }

        return new ElementsHead(block.Length / Unsafe.SizeOf<T>(), isBlock: true, block);
    }

    public override void Fill(ref ValueReader reader, scoped ElementsHead head, scoped Span<T> items)
    {
        if (!head.IsBlock)
        {
            _items.Fill(ref reader, head, items);
            return;
        }

        Span<byte> bytes = MemoryMarshal.AsBytes(items);
        head.Block.CopyTo(bytes);
        if (!BitConverter.IsLittleEndian)
        {
            ReverseEach(bytes);
        }
    }

    private static void ReverseEach(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i += Unsafe.SizeOf<T>())
        {
            bytes.Slice(i, Unsafe.SizeOf<T>()).Reverse();
        }
    }
}
