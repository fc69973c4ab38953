namespace Weft.Serialization;

/// <summary>Chooses how objects of exactly a type are written.</summary>
internal static class ShapeFactory
{
    public static Shape Create(ValueSerializer serializer, Type type)
    {
        if (type.IsValueType || type == typeof(string))
        {
            return new BoxedShape(serializer.CodecFor(type));
        }

        if (serializer.TryGetRegistered(type, out ValueCodec? codec))
        {
            return new CustomShape(type, codec);
        }

        return new RefusingShape(type, "no shape");
    }
}
