using System.Buffers;

namespace Weft.Grpc;

/// <summary>Turns messages into bytes and back. Both sides work on the transport's own buffers, so no array is made in between.</summary>
/// <param name="serializer">Writes the whole message; it may be called on any thread, for one message at a time.</param>
/// <param name="deserializer">Reads the whole message; the bytes are valid only until it returns.</param>
public sealed class Marshaller<T>(Action<T, IBufferWriter<byte>> serializer, Func<ReadOnlySequence<byte>, T> deserializer)
{
    public Action<T, IBufferWriter<byte>> Serializer { get; } = serializer ?? throw new ArgumentNullException(nameof(serializer));

    public Func<ReadOnlySequence<byte>, T> Deserializer { get; } = deserializer ?? throw new ArgumentNullException(nameof(deserializer));
}

public static class Marshallers
{
    public static Marshaller<T> Create<T>(Action<T, IBufferWriter<byte>> serializer, Func<ReadOnlySequence<byte>, T> deserializer) =>
        new(serializer, deserializer);
}
