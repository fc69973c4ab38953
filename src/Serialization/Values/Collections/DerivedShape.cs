using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>
/// A class derived from a hashed collection: the collection as such, then the fields that the class adds. The collection's own constructor is run
/// on the new object, the class's is not.
/// </summary>
internal sealed class DerivedShape<T, TBase>(ValueSerializer serializer) : Shape(typeof(T))
    where T : class, TBase
    where TBase : class
{
    private readonly IFillable<TBase> _base = serializer.ShapeFor(typeof(TBase)) as IFillable<TBase>
        ?? throw ValueSerializationException.Refused(typeof(T), $"{TypeNames.Display(typeof(TBase))} has a codec of its own; register one for this class too");

    private readonly FieldsCodec<T> _fields = new(ObjectFields.Of(typeof(T), until: typeof(TBase)), serializer.UsesBeforeCode);

    public override void Write(ref ValueWriter writer, object value)
    {
        T typed = (T)value;
        writer.WriteArrayHeader(2);
        _base.Write(ref writer, value);
        _fields.Write(ref writer, ref typed);
    }

    public override object Read(ref ValueReader reader, int number)
    {
        T value = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        reader.References.Set(number, value);
        reader.ReadArrayHeader(2);
        _base.ReadInto(ref reader, value);
        _fields.Read(ref reader, ref value);
        return value;
    }
}

/// <summary>A shape that can fill a derived object, after running its own type's constructor on it.</summary>
internal interface IFillable<TBase>
    where TBase : class
{
    void Write(ref ValueWriter writer, object value);

    void ReadInto(ref ValueReader reader, TBase target);
}
