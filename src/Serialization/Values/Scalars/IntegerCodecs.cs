using System.Globalization;
using System.Numerics;

namespace Weft.Serialization;

/// <summary>The integers up to 64 bits: MessagePack integers of the smallest form, range-checked when read.</summary>
internal sealed class SignedCodec<T> : ValueCodec<T>
    where T : struct, IBinaryInteger<T>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, T value) => writer.WriteInt64(long.CreateTruncating(value));

    public override T Read(ref ValueReader reader)
    {
        long wide = reader.ReadInt64();
        T value = T.CreateTruncating(wide);
        if (long.CreateTruncating(value) != wide)
        {
            ValueReader.OutOfRange(wide.ToString(CultureInfo.InvariantCulture), typeof(T).Name);
        }

        return value;
    }
}

/// <inheritdoc cref="SignedCodec{T}"/>
internal sealed class UnsignedCodec<T> : ValueCodec<T>
    where T : struct, IBinaryInteger<T>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, T value) => writer.WriteUInt64(ulong.CreateTruncating(value));

    public override T Read(ref ValueReader reader)
    {
        ulong wide = reader.ReadUInt64();
        T value = T.CreateTruncating(wide);
        if (ulong.CreateTruncating(value) != wide)
        {
            ValueReader.OutOfRange(wide.ToString(CultureInfo.InvariantCulture), typeof(T).Name);
        }

        return value;
    }
}

/// <summary>Integers beyond 64 bits: a MessagePack integer where one holds the value, otherwise two's complement bytes, little endian.</summary>
internal sealed class WideIntegerCodec<T>(int size) : ValueCodec<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private static readonly bool IsSigned = T.MinValue < T.Zero;

    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, T value)
    {
        if (value >= T.Zero && value <= T.CreateTruncating(ulong.MaxValue))
        {
            writer.WriteUInt64(ulong.CreateTruncating(value));
        }
        else if (IsSigned && value < T.Zero && value >= T.CreateTruncating(long.MinValue))
        {
            writer.WriteInt64(long.CreateTruncating(value));
        }
        else
        {
            Span<byte> bytes = stackalloc byte[size];
            value.WriteLittleEndian(bytes);
            writer.WriteBinary(bytes);
        }
    }

    public override T Read(ref ValueReader reader)
    {
        if (reader.PeekKind() != ValueKind.Binary)
        {
            ulong bits = reader.ReadInteger(out bool negative);
            return negative ? T.CreateChecked((long)bits) : T.CreateTruncating(bits);
        }

        ReadOnlySpan<byte> bytes = reader.ReadBinary();
        return T.ReadLittleEndian(bytes, !IsSigned);
    }
}

internal sealed class BigIntegerCodec : ValueCodec<BigInteger>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, BigInteger value)
    {
        if (value >= 0 && value <= ulong.MaxValue)
        {
            writer.WriteUInt64((ulong)value);
        }
        else if (value < 0 && value >= long.MinValue)
        {
            writer.WriteInt64((long)value);
        }
        else
        {
            writer.WriteBinary(value.ToByteArray());
        }
    }

    public override BigInteger Read(ref ValueReader reader)
    {
        if (reader.PeekKind() == ValueKind.Binary)
        {
            return new BigInteger(reader.ReadBinary());
        }

        ulong bits = reader.ReadInteger(out bool negative);
        return negative ? (long)bits : bits;
    }
}
