namespace Weft.Serialization;

/// <summary>A class whose instances have a short form of their own and no parts to refer to.</summary>
internal abstract class LeafShape<T> : Shape
    where T : class
{
    protected LeafShape() : base(typeof(T))
    {
    }

    protected LeafShape(Type type) : base(type)
    {
    }

    /// <summary>On for those that can be changed after they are made, and so must stay one when they were one.</summary>
    public override bool IsTracked => false;

    protected abstract void Write(ref ValueWriter writer, T value);

    protected abstract T Read(ref ValueReader reader);

    public sealed override void Write(ref ValueWriter writer, object value) => Write(ref writer, (T)value);

    public sealed override object Read(ref ValueReader reader, int number) => Read(ref reader);

    protected static string ReadText(ref ValueReader reader) =>
        reader.ReadString() ?? throw new ValueSerializationException($"Malformed data: nil stands within {TypeNames.Display(typeof(T))}");
}
