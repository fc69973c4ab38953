using System.Buffers.Binary;
using System.Globalization;

namespace Weft.Serialization;

internal sealed class BooleanCodec : ValueCodec<bool>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, bool value) => writer.WriteBoolean(value);

    public override bool Read(ref ValueReader reader) => reader.ReadBoolean();
}

/// <summary>A UTF-16 unit as a number, because half of a surrogate pair has no string form.</summary>
internal sealed class CharCodec : ValueCodec<char>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, char value) => writer.WriteUInt64(value);

    public override char Read(ref ValueReader reader)
    {
        ulong unit = reader.ReadUInt64();
        if (unit > char.MaxValue)
        {
            ValueReader.OutOfRange(unit.ToString(CultureInfo.InvariantCulture), nameof(Char));
        }

        return (char)unit;
    }
}

internal sealed class HalfCodec : ValueCodec<Half>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, Half value) => writer.WriteSingle((float)value);

    public override Half Read(ref ValueReader reader) => (Half)reader.ReadSingle();
}

internal sealed class SingleCodec : ValueCodec<float>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, float value) => writer.WriteSingle(value);

    public override float Read(ref ValueReader reader) => reader.ReadSingle();
}

internal sealed class DoubleCodec : ValueCodec<double>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, double value) => writer.WriteDouble(value);

    public override double Read(ref ValueReader reader) => reader.ReadDouble();
}

/// <summary>The 96-bit integer, scale and sign, as <see cref="decimal.GetBits(decimal)"/> gives them: the scale of 1.10 stays.</summary>
internal sealed class DecimalCodec : ValueCodec<decimal>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, decimal value)
    {
        Span<int> words = stackalloc int[4];
        decimal.GetBits(value, words);
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * 4)..], words[i]);
        }

        writer.WriteBinary(bytes);
    }

    /// <summary>Also reads a number written as text or as an integer, which is how other languages put it.</summary>
    public override decimal Read(ref ValueReader reader)
    {
        switch (reader.PeekKind())
        {
            case ValueKind.String:
                return decimal.Parse(reader.ReadString()!, NumberStyles.Number, CultureInfo.InvariantCulture);
            case ValueKind.Integer:
                ulong bits = reader.ReadInteger(out bool negative);
                return negative ? (long)bits : bits;
            default:
                ReadOnlySpan<byte> bytes = reader.ReadBinary();
                if (bytes.Length != 16)
                {
                    ValueSerializationException.Malformed($"a decimal of {bytes.Length} bytes");
                }

                Span<int> words = stackalloc int[4];
                for (int i = 0; i < words.Length; i++)
                {
                    words[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * 4)..]);
                }

                return new decimal(words);
        }
    }
}

/// <summary>An enum is the number under it, so values without a name travel too.</summary>
internal sealed class EnumCodec<T, TNumber>(ValueCodec<TNumber> number) : ValueCodec<T>
    where T : struct, Enum
    where TNumber : struct
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, T value) => number.Write(ref writer, System.Runtime.CompilerServices.Unsafe.BitCast<T, TNumber>(value));

    public override T Read(ref ValueReader reader) => System.Runtime.CompilerServices.Unsafe.BitCast<TNumber, T>(number.Read(ref reader));
}

internal sealed class NullableCodec<T>(ValueCodec<T> inner) : ValueCodec<T?>
    where T : struct
{
    // A value that may be nil itself is wrapped, or it could not be told from no value.
    private readonly bool _wraps = inner.MayWriteNil;

    public override void Write(ref ValueWriter writer, T? value)
    {
        if (value is not { } present)
        {
            writer.WriteNil();
            return;
        }

        if (_wraps)
        {
            writer.WriteArrayHeader(1);
        }

        inner.Write(ref writer, present);
    }

    public override T? Read(ref ValueReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        if (_wraps)
        {
            reader.ReadArrayHeader(1);
        }

        return inner.Read(ref reader);
    }
}
