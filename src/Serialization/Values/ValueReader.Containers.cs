using System.Buffers.Binary;

namespace Weft.Serialization;

public ref partial struct ValueReader
{
    /// <summary>Reads an array's header. Each element takes at least a byte, so a count beyond the remaining bytes is refused here.</summary>
    public int ReadArrayHeader()
    {
        byte first = PeekByte();
        switch (first)
        {
            case >= FormatByte.FixArray and < FormatByte.FixString:
                _position++;
                return CheckCount((uint)(first & 0x0F), 1);
            case FormatByte.Array16:
                return CheckCount(ReadUInt16Length(), 1);
            case FormatByte.Array32:
                return CheckCount(ReadUInt32Length(), 1);
            default:
                Mismatch("an array");
                return 0;
        }
    }

    /// <summary>Reads an array's header and requires its count.</summary>
    public void ReadArrayHeader(int expected)
    {
        int count = ReadArrayHeader();
        if (count != expected)
        {
            ValueSerializationException.Malformed($"an array of {expected} values was expected and {count} are there");
        }
    }

    public int ReadMapHeader()
    {
        byte first = PeekByte();
        switch (first)
        {
            case >= FormatByte.FixMap and < FormatByte.FixArray:
                _position++;
                return CheckCount((uint)(first & 0x0F), 2);
            case FormatByte.Map16:
                return CheckCount(ReadUInt16Length(), 2);
            case FormatByte.Map32:
                return CheckCount(ReadUInt32Length(), 2);
            default:
                Mismatch("a map");
                return 0;
        }
    }

    /// <summary>Reads binary data without a copy: the span is part of the data this reader was given.</summary>
    public ReadOnlySpan<byte> ReadBinary()
    {
        switch (PeekByte())
        {
            case FormatByte.Binary8:
                return Take(ReadUInt8Length());
            case FormatByte.Binary16:
                return Take(ReadUInt16Length());
            case FormatByte.Binary32:
                return Take(ReadUInt32Length());
            default:
                Mismatch("binary data");
                return default;
        }
    }

    /// <summary>Reads an extension of any code; false, with nothing read, if the next value is something else.</summary>
    public bool TryReadExtension(out sbyte code, out ReadOnlySpan<byte> payload)
    {
        uint length;
        switch (PeekByte())
        {
            case FormatByte.FixExtension1:
            case FormatByte.FixExtension2:
            case FormatByte.FixExtension4:
            case FormatByte.FixExtension8:
            case FormatByte.FixExtension16:
                length = 1u << (PeekByte() - FormatByte.FixExtension1);
                _position++;
                break;
            case FormatByte.Extension8:
                length = ReadUInt8Length();
                break;
            case FormatByte.Extension16:
                length = ReadUInt16Length();
                break;
            case FormatByte.Extension32:
                length = ReadUInt32Length();
                break;
            default:
                code = 0;
                payload = default;
                return false;
        }

        code = (sbyte)Take(1)[0];
        payload = Take(length);
        return true;
    }

    /// <summary>Reads an extension only if it bears this code; false, with nothing read, otherwise.</summary>
    public bool TryReadExtension(sbyte code, out ReadOnlySpan<byte> payload)
    {
        int start = _position;
        if (TryReadExtension(out sbyte found, out payload) && found == code)
        {
            return true;
        }

        _position = start;
        payload = default;
        return false;
    }

    /// <summary>Passes over one value with everything in it, without recursion.</summary>
    public void Skip()
    {
        // Every pending value takes at least a byte, so a count that cannot be met fails in a header or at the end of the data.
        for (long pending = 1; pending > 0; pending--)
        {
            switch (PeekKind())
            {
                case ValueKind.Nil:
                case ValueKind.Boolean:
                    _position++;
                    break;
                case ValueKind.Integer:
                    ReadInteger(out _);
                    break;
                case ValueKind.Float:
                    ReadDouble();
                    break;
                case ValueKind.String:
                    ReadStringBytes();
                    break;
                case ValueKind.Binary:
                    ReadBinary();
                    break;
                case ValueKind.Array:
                    pending += ReadArrayHeader();
                    break;
                case ValueKind.Map:
                    pending += 2L * ReadMapHeader();
                    break;
                case ValueKind.Extension:
                    TryReadExtension(out _, out _);
                    break;
            }
        }
    }

    private uint ReadUInt8Length()
    {
        uint length = Peek(2)[1];
        _position += 2;
        return length;
    }

    private uint ReadUInt16Length()
    {
        uint length = BinaryPrimitives.ReadUInt16BigEndian(Peek(3)[1..]);
        _position += 3;
        return length;
    }

    private uint ReadUInt32Length()
    {
        uint length = BinaryPrimitives.ReadUInt32BigEndian(Peek(5)[1..]);
        _position += 5;
        return length;
    }

    private readonly int CheckCount(uint count, uint bytesEach)
    {
        if (count > (uint)(_data.Length - _position) / bytesEach)
        {
            Truncated();
        }

        return (int)count;
    }
}
