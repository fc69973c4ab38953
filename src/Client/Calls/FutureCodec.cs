using System.Buffers.Binary;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>
/// How futures stand within values and closures: as the number of the input whose value they are. On the client the number is given when the call is
/// written; on the worker the future is made from that input, and is complete.
/// </summary>
internal sealed class FutureCodec<T> : ValueCodec<Future<T>>
{
    public override void Write(ref ValueWriter writer, Future<T> value)
    {
        if (writer.Context is not InputCollector inputs)
        {
            throw new ValueSerializationException("a future can stand only in what a task is called on or called with, not in results or scattered values");
        }

        Span<byte> payload = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, inputs.Add(value));
        writer.WriteExtension(WireExtensions.Future, payload);
    }

    public override Future<T> Read(ref ValueReader reader)
    {
        if (!reader.TryReadExtension(WireExtensions.Future, out var payload) || payload.Length != sizeof(int))
        {
            throw new ValueSerializationException("a future is expected and something else stands here");
        }

        return reader.Context is IFutureInputs inputs
            ? inputs.FutureOf<T>(BinaryPrimitives.ReadInt32LittleEndian(payload))
            : throw new ValueSerializationException("a future cannot be read here: only a task's arguments have inputs");
    }
}

/// <summary>What a worker gives codecs as their context, so that futures within arguments find their values.</summary>
public interface IFutureInputs
{
    /// <summary>A completed future of one of the task's inputs; <see cref="FutureCodecs.Completed"/> makes it.</summary>
    Future<T> FutureOf<T>(int input);
}

/// <summary>For hosts of tasks: how their serializers learn to read futures.</summary>
public static class FutureCodecs
{
    /// <summary>Adds the codecs for <see cref="Future{T}"/> of any type.</summary>
    public static void Register(ValueSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        serializer.RegisterFactory(static type => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Future<>)
            ? (ValueCodec)Activator.CreateInstance(typeof(FutureCodec<>).MakeGenericType(type.GenericTypeArguments))!
            : null);
    }

    /// <summary>A future that has its result already.</summary>
    public static Future<T> Completed<T>(T result, string key) => new(Task.FromResult(result), new FutureSource.Named(key));
}
