namespace Weft.Serialization;

/// <summary>A reference type with a codec that someone registered.</summary>
internal sealed class CustomShape(Type type, ValueCodec codec) : Shape(type)
{
    public override void Write(ref ValueWriter writer, object value) => codec.WriteObject(ref writer, value);

    public override object Read(ref ValueReader reader, int number)
    {
        object? value = codec.ReadObject(ref reader);
        if (!Type.IsInstanceOfType(value))
        {
            throw new ValueSerializationException(
                $"The codec {TypeNames.Display(codec.GetType())} read {(value is null ? "null" : TypeNames.Display(value.GetType()))} in place of {TypeNames.Display(Type)}");
        }

        return value!;
    }
}
