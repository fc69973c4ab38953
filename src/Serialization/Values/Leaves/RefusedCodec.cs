namespace Weft.Serialization;

/// <summary>A struct that must not travel unless it is empty: a token that is never cancelled, a null pointer.</summary>
internal sealed class RefusedCodec<T>(string reason) : ValueCodec<T>
    where T : struct
{
    public override void Write(ref ValueWriter writer, T value)
    {
        if (!EqualityComparer<T>.Default.Equals(value, default))
        {
            throw ValueSerializationException.Refused(typeof(T), reason);
        }

        writer.WriteNil();
    }

    public override T Read(ref ValueReader reader)
    {
        reader.ReadNil();
        return default;
    }
}
