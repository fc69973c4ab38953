using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>Any class: its fields, private and inherited ones too. The object comes back without a constructor being run.</summary>
internal sealed class ObjectShape<T>(ValueSerializer serializer) : Shape(typeof(T))
    where T : class
{
    private readonly FieldsCodec<T> _fields = new(ObjectFields.Of(typeof(T)), serializer.UsesBeforeCode);

    // A class without fields is told apart by reference alone: it serves as a lock or a marker.
    public override bool IsTracked { get; } = !ObjectFields.IsLeaf(typeof(T)) || ObjectFields.Of(typeof(T)).Length == 0;

    public override void Write(ref ValueWriter writer, object value)
    {
        T typed = Unsafe.As<T>(value);
        _fields.Write(ref writer, ref typed);
    }

    public override object Read(ref ValueReader reader, int number)
    {
        T value = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        if (number >= 0)
        {
            reader.References.Set(number, value);
        }

        _fields.Read(ref reader, ref value);
        return value;
    }
}
