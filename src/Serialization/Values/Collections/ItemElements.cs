namespace Weft.Serialization;

/// <summary>Elements one by one.</summary>
internal sealed class ItemElements<T>(ValueCodec<T> codec) : Elements<T>
{
    public override void Write(ref ValueWriter writer, scoped ReadOnlySpan<T> items)
    {
        writer.WriteArrayHeader(items.Length);
        int i = 0;
        try
        {
            for (; i < items.Length; i++)
            {
                codec.Write(ref writer, items[i]);
            }
        }
        catch (ValueSerializationException exception) when (exception.WithinElement(i))
        {
            throw;
        }
    }

    public override ElementsHead ReadHead(ref ValueReader reader) => new(reader.ReadArrayHeader(), isBlock: false, default);

    public override void Fill(ref ValueReader reader, scoped ElementsHead head, scoped Span<T> items)
    {
        int i = 0;
        try
        {
            for (; i < items.Length; i++)
            {
                items[i] = codec.Read(ref reader);
            }
        }
        catch (ValueSerializationException exception) when (exception.WithinElement(i))
        {
            throw;
        }
    }
}
