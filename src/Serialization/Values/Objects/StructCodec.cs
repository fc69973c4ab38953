namespace Weft.Serialization;

/// <summary>Any struct: its fields.</summary>
internal sealed class StructCodec<T>(ValueSerializer serializer) : ValueCodec<T>
    where T : struct
{
    private readonly FieldsCodec<T> _fields = new(ObjectFields.Of(typeof(T)), serializer.UsesBeforeCode);

    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, T value)
    {
        writer.Enter();
        _fields.Write(ref writer, ref value);
        writer.Leave();
    }

    public override T Read(ref ValueReader reader)
    {
        reader.Enter();
        T value = default;
        _fields.Read(ref reader, ref value);
        reader.Leave();
        return value;
    }
}
