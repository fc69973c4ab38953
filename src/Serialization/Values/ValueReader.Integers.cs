using System.Buffers.Binary;

namespace Weft.Serialization;

public ref partial struct ValueReader
{
    /// <summary>Reads an integer of any form; one outside the range is refused.</summary>
    public long ReadInt64()
    {
        ulong bits = ReadInteger(out bool negative);
        if (!negative && bits > long.MaxValue)
        {
            OutOfRange(bits.ToString(System.Globalization.CultureInfo.InvariantCulture), nameof(Int64));
        }

        return (long)bits;
    }

    /// <inheritdoc cref="ReadInt64"/>
    public ulong ReadUInt64()
    {
        ulong bits = ReadInteger(out bool negative);
        if (negative)
        {
            OutOfRange(((long)bits).ToString(System.Globalization.CultureInfo.InvariantCulture), nameof(UInt64));
        }

        return bits;
    }

    /// <inheritdoc cref="ReadInt64"/>
    public int ReadInt32()
    {
        long value = ReadInt64();
        if (value != (int)value)
        {
            OutOfRange(value.ToString(System.Globalization.CultureInfo.InvariantCulture), nameof(Int32));
        }

        return (int)value;
    }

    internal static void OutOfRange(string value, string type) => ValueSerializationException.Malformed($"{value} is outside the range of {type}");

    /// <summary>The bits of the next integer: as a <see cref="long"/> when negative, as a <see cref="ulong"/> otherwise.</summary>
    internal ulong ReadInteger(out bool negative)
    {
        byte first = PeekByte();
        negative = false;
        if (first < FormatByte.FixMap)
        {
            _position++;
            return first;
        }

        if (first >= FormatByte.NegativeFixInt)
        {
            _position++;
            negative = true;
            return (ulong)(sbyte)first;
        }

        ulong bits;
        switch (first)
        {
            case FormatByte.UInt8:
                bits = Peek(2)[1];
                _position += 2;
                return bits;
            case FormatByte.UInt16:
                bits = BinaryPrimitives.ReadUInt16BigEndian(Peek(3)[1..]);
                _position += 3;
                return bits;
            case FormatByte.UInt32:
                bits = BinaryPrimitives.ReadUInt32BigEndian(Peek(5)[1..]);
                _position += 5;
                return bits;
            case FormatByte.UInt64:
                bits = BinaryPrimitives.ReadUInt64BigEndian(Peek(9)[1..]);
                _position += 9;
                return bits;
            case FormatByte.Int8:
                bits = (ulong)(sbyte)Peek(2)[1];
                _position += 2;
                break;
            case FormatByte.Int16:
                bits = (ulong)BinaryPrimitives.ReadInt16BigEndian(Peek(3)[1..]);
                _position += 3;
                break;
            case FormatByte.Int32:
                bits = (ulong)BinaryPrimitives.ReadInt32BigEndian(Peek(5)[1..]);
                _position += 5;
                break;
            case FormatByte.Int64:
                bits = (ulong)BinaryPrimitives.ReadInt64BigEndian(Peek(9)[1..]);
                _position += 9;
                break;
            default:
                Mismatch("an integer");
                return 0;
        }

        negative = (long)bits < 0;
        return bits;
    }
}
