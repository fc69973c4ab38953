using System.Buffers;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>Makes what is too large to travel with a call an input of it, for the time of one submission.</summary>
internal sealed class ScatterLarge(ClientSession session, ValueSerializer serializer, InputCollector inputs) : IDisposable
{
    private readonly List<AcceptedTasks> _scattered = [];

    /// <summary>Null when the value is small.</summary>
    public TaskId? TryScatterValue<T>(T value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        serializer.Write(bytes, value, inputs);
        return TryScatter(bytes.WrittenMemory);
    }

    /// <summary>Null when the encoded value is small.</summary>
    public TaskId? TryScatter(ReadOnlyMemory<byte> value)
    {
        if (value.Length <= Limits.ArgumentBytesMax)
        {
            return null;
        }

        var accepted = session.Scatter(ByteColumn.Of(value));
        _scattered.Add(accepted);
        return accepted.Tasks.First;
    }

    /// <summary>From now on only the submitted tasks keep the values alive.</summary>
    public void Dispose()
    {
        foreach (var (generation, tasks) in _scattered)
        {
            session.EnqueueRelease(generation, tasks);
        }

        _scattered.Clear();
    }
}
