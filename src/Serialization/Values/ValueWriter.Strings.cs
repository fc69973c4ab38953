using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Weft.Serialization;

public ref partial struct ValueWriter
{
    /// <summary>Up to this many UTF-16 units we reserve for the worst case and encode once; beyond it we count first, to ask for no three times too large buffer.</summary>
    private const int CountFirstAbove = 1024;

    /// <summary>Writes a string; null is nil. A string that is not well-formed UTF-16 keeps its units in an extension.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteNil();
            return;
        }

        WriteString(value.AsSpan());
    }

    /// <inheritdoc cref="WriteString(string?)"/>
    public void WriteString(scoped ReadOnlySpan<char> value)
    {
        bool written = value.Length <= CountFirstAbove ? TryWriteShort(value) : TryWriteLong(value);
        if (!written)
        {
            WriteUtf16(value);
        }
    }

    private bool TryWriteShort(scoped ReadOnlySpan<char> value)
    {
        Span<byte> span = Reserve(3 + (value.Length * 3));
        // Most text is ASCII, so its length foretells the header; otherwise the text moves by a byte or two.
        int guess = StringHeaderLength(value.Length);
        if (Utf8.FromUtf16(value, span[guess..], out _, out int length, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            return false;
        }

        int header = StringHeaderLength(length);
        if (header != guess)
        {
            span.Slice(guess, length).CopyTo(span[header..]);
        }

        WriteStringHeader(length);
        _used += length;
        return true;
    }

    private bool TryWriteLong(scoped ReadOnlySpan<char> value)
    {
        int length;
        try
        {
            length = StrictUtf8.Encoding.GetByteCount(value);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }

        WriteStringHeader(length);
        Span<byte> span = Reserve(length);
        Utf8.FromUtf16(value, span, out _, out _, replaceInvalidSequences: false);
        _used += length;
        return true;
    }

    private static int StringHeaderLength(int length) => length < 32 ? 1 : length <= byte.MaxValue ? 2 : 3;

    private void WriteStringHeader(int length)
    {
        if (length < 32)
        {
            WriteByte((byte)(FormatByte.FixString | length));
        }
        else
        {
            WriteLength(length, FormatByte.String8, FormatByte.String16, FormatByte.String32);
        }
    }

    private void WriteUtf16(scoped ReadOnlySpan<char> value)
    {
        if (BitConverter.IsLittleEndian)
        {
            WriteExtension(ExtensionCode.Utf16String, MemoryMarshal.AsBytes(value));
            return;
        }

        byte[] units = new byte[value.Length * 2];
        for (int i = 0; i < value.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(units.AsSpan(i * 2), value[i]);
        }

        WriteExtension(ExtensionCode.Utf16String, units);
    }
}
