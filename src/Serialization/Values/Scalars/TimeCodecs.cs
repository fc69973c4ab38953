using System.Buffers.Binary;

namespace Weft.Serialization;

/// <summary>In UTC a MessagePack timestamp; otherwise <see cref="DateTime.ToBinary"/>, under which local time keeps its instant and unspecified its ticks.</summary>
internal sealed class DateTimeCodec : ValueCodec<DateTime>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, DateTime value) => WriteTo(ref writer, value);

    public override DateTime Read(ref ValueReader reader)
    {
        if (!reader.TryReadExtension(out sbyte code, out ReadOnlySpan<byte> payload))
        {
            ValueSerializationException.Malformed("no timestamp stands where a DateTime is declared");
        }

        return Of(code, payload);
    }

    public static void WriteTo(ref ValueWriter writer, DateTime value)
    {
        Span<byte> payload = stackalloc byte[12];
        if (value.Kind != DateTimeKind.Utc)
        {
            BinaryPrimitives.WriteInt64LittleEndian(payload, value.ToBinary());
            writer.WriteExtension(ExtensionCode.LocalDateTime, payload[..8]);
            return;
        }

        long sinceEpoch = value.Ticks - DateTime.UnixEpoch.Ticks;
        long seconds = Math.DivRem(sinceEpoch, TimeSpan.TicksPerSecond, out long ticks);
        if (ticks < 0)
        {
            seconds--;
            ticks += TimeSpan.TicksPerSecond;
        }

        uint nanoseconds = (uint)(ticks * TimeSpan.NanosecondsPerTick);
        if (seconds is < 0 or >= 1L << 34)
        {
            BinaryPrimitives.WriteUInt32BigEndian(payload, nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(payload[4..], seconds);
            writer.WriteExtension(ExtensionCode.Timestamp, payload);
        }
        else if (nanoseconds != 0 || seconds > uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt64BigEndian(payload, ((ulong)nanoseconds << 34) | (ulong)seconds);
            writer.WriteExtension(ExtensionCode.Timestamp, payload[..8]);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)seconds);
            writer.WriteExtension(ExtensionCode.Timestamp, payload[..4]);
        }
    }

    public static DateTime Of(sbyte code, ReadOnlySpan<byte> payload)
    {
        if (code == ExtensionCode.LocalDateTime && payload.Length == 8)
        {
            return DateTime.FromBinary(BinaryPrimitives.ReadInt64LittleEndian(payload));
        }

        if (code != ExtensionCode.Timestamp || payload.Length is not (4 or 8 or 12))
        {
            ValueSerializationException.Malformed($"extension {code} of {payload.Length} bytes is no DateTime");
        }

        (long seconds, uint nanoseconds) = payload.Length switch
        {
            4 => (BinaryPrimitives.ReadUInt32BigEndian(payload), 0u),
            8 => Split(BinaryPrimitives.ReadUInt64BigEndian(payload)),
            _ => (BinaryPrimitives.ReadInt64BigEndian(payload[4..]), BinaryPrimitives.ReadUInt32BigEndian(payload)),
        };
        if (nanoseconds > 999_999_999 || seconds is < -62_135_596_800 or > 253_402_300_799)
        {
            ValueSerializationException.Malformed("a timestamp outside the years 1 to 9999");
        }

        return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    private static (long Seconds, uint Nanoseconds) Split(ulong packed) => ((long)(packed & ((1UL << 34) - 1)), (uint)(packed >> 34));
}

/// <summary>The instant and the offset's minutes.</summary>
internal sealed class DateTimeOffsetCodec : ValueCodec<DateTimeOffset>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, DateTimeOffset value)
    {
        writer.WriteArrayHeader(2);
        DateTimeCodec.WriteTo(ref writer, value.UtcDateTime);
        writer.WriteInt64(value.TotalOffsetMinutes);
    }

    public override DateTimeOffset Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(2);
        if (!reader.TryReadExtension(out sbyte code, out ReadOnlySpan<byte> payload))
        {
            ValueSerializationException.Malformed("no timestamp stands where a DateTimeOffset is declared");
        }

        DateTime utc = DateTimeCodec.Of(code, payload);
        return new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).ToOffset(TimeSpan.FromMinutes(reader.ReadInt32()));
    }
}

internal sealed class DateOnlyCodec : ValueCodec<DateOnly>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, DateOnly value) => writer.WriteInt64(value.DayNumber);

    public override DateOnly Read(ref ValueReader reader) => DateOnly.FromDayNumber(reader.ReadInt32());
}

internal sealed class TimeOnlyCodec : ValueCodec<TimeOnly>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, TimeOnly value) => writer.WriteInt64(value.Ticks);

    public override TimeOnly Read(ref ValueReader reader) => new(reader.ReadInt64());
}

internal sealed class TimeSpanCodec : ValueCodec<TimeSpan>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, TimeSpan value) => writer.WriteInt64(value.Ticks);

    public override TimeSpan Read(ref ValueReader reader) => new(reader.ReadInt64());
}
