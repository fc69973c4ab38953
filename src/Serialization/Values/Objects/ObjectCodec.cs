namespace Weft.Serialization;

/// <summary>
/// A slot declared as object. What MessagePack can say for itself is written plainly (so that other languages read it) wherever it comes back as the very same
/// type; everything else names its type.
/// </summary>
internal sealed class ObjectCodec : ReferenceCodec<object>
{
    private static readonly Type[] PlainTypes =
        [typeof(bool), typeof(int), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(string), typeof(DateTime), typeof(byte[]), typeof(object[])];

    /// <summary>Types that would be written plainly, but for which someone registered a codec.</summary>
    private readonly HashSet<Type> _overridden;

    private readonly ValueSerializer _serializer;

    public ObjectCodec(ValueSerializer serializer)
    {
        _serializer = serializer;
        _overridden = [.. PlainTypes.Where(type => serializer.TryGetRegistered(type, out _))];
    }

    public override void Write(ref ValueWriter writer, object? value)
    {
        if (value is null || (_overridden.Count > 0 && _overridden.Contains(value.GetType())) || !TryWritePlain(ref writer, value))
        {
            base.Write(ref writer, value);
        }
    }

    public override object? Read(ref ValueReader reader)
    {
        switch (reader.PeekKind())
        {
            case ValueKind.Boolean:
                return reader.ReadBoolean();
            case ValueKind.Integer:
                return Narrowest(reader.ReadInteger(out bool negative), negative);
            case ValueKind.Float:
                return reader.PeekByte() == FormatByte.Float32 ? (object)reader.ReadSingle() : reader.ReadDouble();
            case ValueKind.String:
                return reader.ReadString();
            case ValueKind.Binary:
                int number = reader.References.Reserve();
                byte[] bytes = reader.ReadBinary().ToArray();
                reader.References.Set(number, bytes);
                return bytes;
            case ValueKind.Map:
                return ReadMap(ref reader);
            case ValueKind.Extension:
                return ReadExtension(ref reader);
            default:
                return base.Read(ref reader);
        }
    }

    /// <summary>What has no type head in a slot of object is an array of objects.</summary>
    protected override Type PlainType => typeof(object[]);

    private bool TryWritePlain(ref ValueWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteString(text);
                return true;
            case int number:
                writer.WriteInt64(number);
                return true;
            case double number:
                writer.WriteDouble(number);
                return true;
            case bool truth:
                writer.WriteBoolean(truth);
                return true;
            case long number when number != (int)number:
                writer.WriteInt64(number);
                return true;
            case ulong number when number > long.MaxValue:
                writer.WriteUInt64(number);
                return true;
            case float number:
                writer.WriteSingle(number);
                return true;
            case DateTime time:
                DateTimeCodec.WriteTo(ref writer, time);
                return true;
            case byte[] bytes when value.GetType() == typeof(byte[]):
                if (!writer.TryWriteReference(bytes))
                {
                    writer.WriteBinary(bytes);
                }

                return true;
            default:
                return false;
        }
    }

    private static object Narrowest(ulong bits, bool negative)
    {
        if (!negative && bits > long.MaxValue)
        {
            return bits;
        }

        long value = (long)bits;
        return value == (int)value ? (object)(int)value : value;
    }

    /// <summary>A map without a type comes from another language.</summary>
    private object ReadMap(ref ValueReader reader)
    {
        int number = reader.References.Reserve();
        reader.Enter();
        object map = _serializer.ShapeFor(typeof(Dictionary<object, object?>)).Read(ref reader, number);
        reader.Leave();
        return map;
    }

    private object? ReadExtension(ref ValueReader reader)
    {
        if (reader.TryReadReference(out object? earlier))
        {
            return earlier;
        }

        ValueReader ahead = reader;
        ahead.TryReadExtension(out sbyte code, out ReadOnlySpan<byte> payload);
        switch (code)
        {
            case ExtensionCode.Timestamp or ExtensionCode.LocalDateTime:
                reader.Skip();
                return DateTimeCodec.Of(code, payload);
            case ExtensionCode.Utf16String:
                return reader.ReadString();
            default:
                throw new ValueSerializationException($"Malformed data: extension {code} is not known in a value");
        }
    }
}
