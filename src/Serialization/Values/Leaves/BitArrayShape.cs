using System.Collections;

namespace Weft.Serialization;

/// <summary>The number of bits, then the bits, lowest first.</summary>
internal sealed class BitArrayShape : LeafShape<BitArray>
{
    public override bool IsTracked => true;

    protected override void Write(ref ValueWriter writer, BitArray value)
    {
        byte[] bytes = new byte[(value.Length + 7L) / 8];
        value.CopyTo(bytes, 0);
        writer.WriteArrayHeader(2);
        writer.WriteInt64(value.Length);
        writer.WriteBinary(bytes);
    }

    protected override BitArray Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(2);
        int length = reader.ReadInt32();
        byte[] bytes = reader.ReadBinary().ToArray();
        if (length < 0 || (length + 7L) / 8 != bytes.Length)
        {
            ValueSerializationException.Malformed($"{bytes.Length} bytes do not hold {length} bits");
        }

        return new BitArray(bytes) { Length = length };
    }
}
