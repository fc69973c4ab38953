namespace Weft.Serialization;

/// <summary>How values of one type become MessagePack and back. Codecs are cached, so they are stateless and thread safe.</summary>
public abstract class ValueCodec
{
    private protected ValueCodec(Type type) => Type = type;

    /// <summary>The type whose values this codec writes.</summary>
    public Type Type { get; }

    /// <summary>Whether a value may be written as nil, which a nullable around it could not tell from none.</summary>
    internal virtual bool MayWriteNil => true;

    public abstract void WriteObject(ref ValueWriter writer, object? value);

    public abstract object? ReadObject(ref ValueReader reader);
}

/// <inheritdoc cref="ValueCodec"/>
/// <remarks>Derive from it to give a type a form of its own, and name it by a <see cref="ValueCodecAttribute"/> on that type, or by a
/// <see cref="RegisterValueCodecAttribute"/> on the program when the type is somebody else's. A registered codec of a reference type is
/// only asked for values that are not null and of exactly that type; null, sharing and subclasses are seen to around it.</remarks>
public abstract class ValueCodec<T> : ValueCodec
{
    protected ValueCodec() : base(typeof(T))
    {
    }

    public abstract void Write(ref ValueWriter writer, T value);

    public abstract T Read(ref ValueReader reader);

    public sealed override void WriteObject(ref ValueWriter writer, object? value) => Write(ref writer, (T)value!);

    public sealed override object? ReadObject(ref ValueReader reader) => Read(ref reader);
}
