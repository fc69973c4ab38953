using System.Collections.Concurrent;

namespace Weft.Serialization;

/// <summary>
/// What a serializer has made so far. A registration swaps it for an empty one, so that whatever is being made meanwhile from the old registrations
/// ends up in the old cache.
/// </summary>
internal sealed class CodecCache
{
    private readonly Lock _gate = new();
    private ValueCodec?[] _bySlot = new ValueCodec?[64];

    public ConcurrentDictionary<Type, ValueCodec> Codecs { get; } = new();

    public ConcurrentDictionary<Type, Shape> Shapes { get; } = new();

    /// <summary>Shapes by the name in data. Only names that resolved are here, so data cannot fill it with rubbish.</summary>
    public ConcurrentDictionary<string, Shape> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>Codecs by <see cref="TypeSlot{T}"/>: what makes a typed call cheap.</summary>
    public ValueCodec?[] BySlot => _bySlot;

    public void Fill(int slot, ValueCodec codec)
    {
        lock (_gate)
        {
            ValueCodec?[] codecs = _bySlot;
            if (slot >= codecs.Length)
            {
                Array.Resize(ref codecs, Math.Max(slot + 1, codecs.Length * 2));
            }

            codecs[slot] = codec;
            Volatile.Write(ref _bySlot, codecs);
        }
    }
}
