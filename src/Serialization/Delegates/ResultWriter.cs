namespace Weft.Serialization;

/// <summary>Writes the results of one function by its declared type.</summary>
internal sealed class ResultWriter<T>(ValueSerializer serializer)
{
    /// <summary>Null for functions without a result, which write nil.</summary>
    private readonly ValueCodec<T>? _codec = typeof(T) == typeof(NoResult) ? null : serializer.CodecFor<T>();

    public void Write(IResultSink sink, int call, T result, object? context)
    {
        var writer = new ValueWriter(sink.Begin(call), serializer, context);
        if (_codec is null)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteValue(_codec, result);
        }

        writer.Flush();
        sink.End(call);
    }
}
