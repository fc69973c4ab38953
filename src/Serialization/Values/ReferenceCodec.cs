namespace Weft.Serialization;

/// <summary>
/// Any slot of a reference type: nil, a back reference, a value of exactly the declared type, or the name of the runtime type with the value.
/// </summary>
internal class ReferenceCodec<T> : ValueCodec<T?>
    where T : class
{
    /// <summary>The shape of <see cref="PlainType"/>, looked up at first use: asking earlier would never end for types that contain themselves.</summary>
    private Shape? _exact;

    /// <summary>The runtime type that goes without a name in this slot.</summary>
    protected virtual Type PlainType => typeof(T);

    public override void Write(ref ValueWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        Shape shape = value.GetType() == PlainType ? Exact(writer.Serializer) : writer.Serializer.ShapeFor(value.GetType());
        if (shape.IsTracked && writer.TryWriteReference(value))
        {
            return;
        }

        writer.Enter();
        if (shape.Type == PlainType)
        {
            shape.Write(ref writer, value);
        }
        else
        {
            WriteNamed(ref writer, shape, value);
        }

        writer.Leave();
    }

    public override T? Read(ref ValueReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        if (reader.TryReadReference(out object? earlier))
        {
            return earlier as T ?? throw Unfit(earlier!.GetType());
        }

        reader.Enter();
        if (reader.TryReadTypeHead(out Shape? shape))
        {
            if (!typeof(T).IsAssignableFrom(shape!.Type))
            {
                throw Unfit(shape.Type);
            }
        }
        else
        {
            shape = Exact(reader.Serializer);
        }

        object value;
        if (shape.IsTracked)
        {
            int number = reader.References.Reserve();
            value = shape.Read(ref reader, number);
            reader.References.Set(number, value);
        }
        else
        {
            value = shape.Read(ref reader, -1);
        }

        reader.Leave();
        return value as T ?? throw Unfit(value.GetType());
    }

    private Shape Exact(ValueSerializer serializer) => _exact ??= serializer.ShapeFor(PlainType);

    private static ValueSerializationException Unfit(Type found) =>
        new($"Malformed data: {TypeNames.Display(found)} stands where {TypeNames.Display(typeof(T))} is declared");

    private static void WriteNamed(ref ValueWriter writer, Shape shape, object value)
    {
        // A refusal explains more than the name of a type that cannot be written anyhow.
        if (shape is not RefusingShape)
        {
            if (!typeof(T).IsAssignableFrom(shape.Type))
            {
                // A sequence that is evaluated on demand travels as an array, say.
                throw ValueSerializationException.Refused(value.GetType(), $"it travels as {TypeNames.Display(shape.Type)}, which is no {TypeNames.Display(typeof(T))}");
            }

            writer.WriteArrayHeader(2);
            writer.WriteTypeName(shape.Type);
        }

        shape.Write(ref writer, value);
    }
}
