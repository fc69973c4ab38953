using System.Buffers.Binary;

namespace Weft.Serialization;

public ref partial struct ValueReader
{
    /// <summary>Reads a string, or nil as null.</summary>
    public string? ReadString()
    {
        if (TryReadNil())
        {
            return null;
        }

        if (PeekKind() == ValueKind.Extension)
        {
            return ReadUtf16();
        }

        ReadOnlySpan<byte> bytes = ReadStringBytes();
        try
        {
            return StrictUtf8.Encoding.GetString(bytes);
        }
        catch (ArgumentException)
        {
            throw new ValueSerializationException("Malformed data: a string is not UTF-8");
        }
    }

    /// <summary>Reads a string's UTF-8 bytes without a copy or a check.</summary>
    public ReadOnlySpan<byte> ReadStringBytes()
    {
        byte first = PeekByte();
        switch (first)
        {
            case >= FormatByte.FixString and < FormatByte.Nil:
                _position++;
                return Take((uint)(first & 0x1F));
            case FormatByte.String8:
                return Take(ReadUInt8Length());
            case FormatByte.String16:
                return Take(ReadUInt16Length());
            case FormatByte.String32:
                return Take(ReadUInt32Length());
            default:
                Mismatch("a string");
                return default;
        }
    }

    private string ReadUtf16()
    {
        if (!TryReadExtension(ExtensionCode.Utf16String, out ReadOnlySpan<byte> payload) || payload.Length % 2 != 0)
        {
            Mismatch("a string");
        }

        return string.Create(payload.Length / 2, payload, static (chars, bytes) =>
        {
            for (int i = 0; i < chars.Length; i++)
            {
                chars[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]);
            }
        });
    }
}
