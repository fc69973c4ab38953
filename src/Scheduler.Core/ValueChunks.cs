using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// The bytes of inline results. A chunk is the data of one message, shared by all results in it and given back with the last of them.
/// </summary>
internal sealed class ValueChunks
{
    private readonly List<(ReadOnlyMemory<byte> Data, int Live)> _chunks = [];
    private readonly Stack<int> _free = [];

    /// <summary>Bytes of all chunks that are held.</summary>
    public long Bytes { get; private set; }

    public int Add(ReadOnlyMemory<byte> data)
    {
        Bytes += data.Length;
        if (_free.TryPop(out var chunk))
        {
            _chunks[chunk] = (data, 0);
            return chunk;
        }

        _chunks.Add((data, 0));
        return _chunks.Count - 1;
    }

    public void Hold(int chunk, int count) => _chunks[chunk] = _chunks[chunk] with { Live = _chunks[chunk].Live + count };

    /// <summary>Lets one result go; and with <paramref name="count"/> 0 a chunk of which nothing was ever held.</summary>
    public void Release(int chunk, int count = 1)
    {
        var (data, live) = _chunks[chunk];
        live -= count;
        Invariant.Require(live >= 0, "a chunk is released as often as it is held");
        if (live > 0)
        {
            _chunks[chunk] = (data, live);
            return;
        }

        Bytes -= data.Length;
        _chunks[chunk] = default;
        _free.Push(chunk);
    }

    public ReadOnlyMemory<byte> Get(int chunk, int start, int length) => _chunks[chunk].Data.Slice(start, length);
}
