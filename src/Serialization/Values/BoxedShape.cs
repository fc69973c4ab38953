namespace Weft.Serialization;

/// <summary>A value type, or a string, that stands where an object or an interface is declared.</summary>
internal sealed class BoxedShape(ValueCodec codec) : Shape(codec.Type)
{
    public override bool IsTracked => false;

    public override void Write(ref ValueWriter writer, object value) => codec.WriteObject(ref writer, value);

    public override object Read(ref ValueReader reader, int number)
    {
        object? value = codec.ReadObject(ref reader);
        if (value is null)
        {
            ValueSerializationException.Malformed($"nil stands for {TypeNames.Display(Type)}");
        }

        return value;
    }
}
