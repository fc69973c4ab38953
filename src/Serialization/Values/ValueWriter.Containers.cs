using System.Buffers.Binary;

namespace Weft.Serialization;

public ref partial struct ValueWriter
{
    public void WriteBinary(scoped ReadOnlySpan<byte> bytes)
    {
        WriteLength(bytes.Length, FormatByte.Binary8, FormatByte.Binary16, FormatByte.Binary32);
        WriteRaw(bytes);
    }

    /// <summary>The elements follow: exactly this many values.</summary>
    public void WriteArrayHeader(int count) => WriteCount(count, FormatByte.FixArray, FormatByte.Array16, FormatByte.Array32);

    /// <summary>The entries follow: this many keys, each followed by its value.</summary>
    public void WriteMapHeader(int count) => WriteCount(count, FormatByte.FixMap, FormatByte.Map16, FormatByte.Map32);

    public void WriteExtension(sbyte code, scoped ReadOnlySpan<byte> payload)
    {
        byte fix = payload.Length switch
        {
            1 => FormatByte.FixExtension1,
            2 => FormatByte.FixExtension2,
            4 => FormatByte.FixExtension4,
            8 => FormatByte.FixExtension8,
            16 => FormatByte.FixExtension16,
            _ => 0,
        };
        if (fix != 0)
        {
            WriteByte(fix);
        }
        else
        {
            WriteLength(payload.Length, FormatByte.Extension8, FormatByte.Extension16, FormatByte.Extension32);
        }

        WriteByte((byte)code);
        WriteRaw(payload);
    }

    /// <summary>Copies bytes that are MessagePack already.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _span.Length - _used && bytes.Length >= 4096)
        {
            WriteLarge(bytes);
            return;
        }

        bytes.CopyTo(Reserve(bytes.Length));
        _used += bytes.Length;
    }

    /// <summary>Copies piece by piece into what the buffer writer has to offer, so that a pipe needs no segment of the whole size.</summary>
    private void WriteLarge(scoped ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            Span<byte> span = Reserve(Math.Min(bytes.Length, 64 * 1024));
            int count = Math.Min(span.Length, bytes.Length);
            bytes[..count].CopyTo(span);
            _used += count;
            bytes = bytes[count..];
        }
    }

    private void WriteCount(int count, byte fix, byte wide16, byte wide32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Span<byte> span = Reserve(5);
        if (count < 16)
        {
            span[0] = (byte)(fix | count);
            _used += 1;
        }
        else if (count <= ushort.MaxValue)
        {
            span[0] = wide16;
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)count);
            _used += 3;
        }
        else
        {
            span[0] = wide32;
            BinaryPrimitives.WriteInt32BigEndian(span[1..], count);
            _used += 5;
        }
    }

    private void WriteLength(int length, byte wide8, byte wide16, byte wide32)
    {
        Span<byte> span = Reserve(5);
        if (length <= byte.MaxValue)
        {
            span[0] = wide8;
            span[1] = (byte)length;
            _used += 2;
        }
        else if (length <= ushort.MaxValue)
        {
            span[0] = wide16;
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)length);
            _used += 3;
        }
        else
        {
            span[0] = wide32;
            BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
            _used += 5;
        }
    }
}
