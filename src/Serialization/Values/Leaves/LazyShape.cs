namespace Weft.Serialization;

/// <summary>A lazy value is made, if it was not yet, and travels as a value: its factory is code.</summary>
internal sealed class LazyShape<T>(ValueSerializer serializer) : Shape(typeof(Lazy<T>))
{
    private readonly ValueCodec<T> _value = serializer.CodecFor<T>();

    public override void Write(ref ValueWriter writer, object value)
    {
        try
        {
            _value.Write(ref writer, ((Lazy<T>)value).Value);
        }
        catch (ValueSerializationException exception) when (exception.Within(nameof(Lazy<>.Value)))
        {
            throw;
        }
    }

    public override object Read(ref ValueReader reader, int number) => new Lazy<T>(_value.Read(ref reader));
}
