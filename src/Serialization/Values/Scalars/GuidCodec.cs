namespace Weft.Serialization;

/// <summary>16 bytes in the order of the text form (RFC 9562), as other languages expect them.</summary>
internal sealed class GuidCodec : ValueCodec<Guid>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        writer.WriteBinary(bytes);
    }

    public override Guid Read(ref ValueReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ReadBinary();
        if (bytes.Length != 16)
        {
            ValueSerializationException.Malformed($"a Guid of {bytes.Length} bytes");
        }

        return new Guid(bytes, bigEndian: true);
    }
}
