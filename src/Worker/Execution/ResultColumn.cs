using System.Buffers;
using System.Buffers.Binary;
using Weft.Primitives;

namespace Weft.Worker;

/// <summary>
/// Results of a chunk as they are written, one after the other. What is finished never changes or moves, so it can be handed on without a copy
/// while the next is being written. One result too large to travel inline gets memory of its own, and the chunk pauses after it.
/// </summary>
internal sealed class ResultColumn(int inlineBytesMax) : IBufferWriter<byte>
{
    /// <summary>A fresh column is begun when the last has grown past this: an entry that is kept pins its whole column.</summary>
    private const int BytesReused = 16 << 10;
    private const int EntriesReused = 512;

    /// <summary>A result that grows past this moves to memory of its own.</summary>
    private const int SmallBytesMax = ValueBuffer.PooledFrom;

    private byte[] _data = new byte[1024];
    private byte[] _ends = new byte[64 * sizeof(uint)];
    private int _committed;
    private int _written;
    private int _entries;
    private byte[]? _large;
    private int _largeWritten;

    /// <summary>Entries finished since the column was begun. Written last of all that belongs to an entry.</summary>
    public int Entries => Volatile.Read(ref _entries);

    /// <summary>The memory of the entry <see cref="LargeEntry"/>, which is too large to travel; its place in the column is empty.</summary>
    private (ValueBuffer Buffer, int Length)? _largeResult;

    /// <summary>Which entry has memory of its own, the last if any; -1: none. To be read after <see cref="Entries"/>.</summary>
    public int LargeEntry { get; private set; } = -1;

    /// <summary>Begins anew when the present column is full enough. Nothing may be unreported.</summary>
    public void Renew()
    {
        if (_committed > BytesReused || _entries > EntriesReused)
        {
            _data = new byte[1024];
            _ends = new byte[64 * sizeof(uint)];
            (_committed, _entries) = (0, 0);
        }
    }

    public ByteColumn Slice(int from, int count) =>
        new ByteColumn(_data, _ends.AsMemory(0, (from + count) * sizeof(uint))).Slice(from, count);

    /// <summary>Takes the memory of <see cref="LargeEntry"/>, which is the taker's from now on.</summary>
    public (ValueBuffer Buffer, int Length) TakeLarge()
    {
        var taken = _largeResult!.Value;
        _largeResult = null;
        LargeEntry = -1;
        return taken;
    }

    public void Begin()
    {
        DropLarge();
        _written = _committed;
    }

    /// <summary>Finishes the entry; true when it is too large to travel.</summary>
    public bool End()
    {
        var length = _large is null ? _written - _committed : _largeWritten;
        var isLarge = length > inlineBytesMax;
        if (isLarge)
        {
            _largeResult = (DetachLarge(length), length);
            LargeEntry = _entries;
        }
        else if (_large is not null)
        {
            // Space was asked for generously and little was used.
            EnsureSmall(length);
            _large.AsSpan(0, length).CopyTo(_data.AsSpan(_committed));
            _committed += length;
            DropLarge();
        }
        else
        {
            _committed = _written;
        }

        AddEnd();
        return isLarge;
    }

    public void Advance(int count)
    {
        if (_large is null)
        {
            _written += count;
        }
        else
        {
            _largeWritten += count;
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _large is null ? _data.AsMemory(_written) : _large.AsMemory(_largeWritten);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _large is null ? _data.AsSpan(_written) : _large.AsSpan(_largeWritten);
    }

    private void Reserve(int size)
    {
        if (_large is not null)
        {
            GrowLarge(size);
        }
        else if (_written - _committed + (long)size > SmallBytesMax)
        {
            var begun = _written - _committed;
            _large = ValuePool.Rent((int)Math.Min(Array.MaxLength, (long)begun + size));
            _largeWritten = begun;
            _data.AsSpan(_committed, begun).CopyTo(_large);
        }
        else
        {
            EnsureSmall(_written - _committed + size);
        }
    }

    private void GrowLarge(int size)
    {
        if (_large!.Length - _largeWritten >= size)
        {
            return;
        }

        var needed = (long)_largeWritten + size;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"A result may have at most {Array.MaxLength} bytes.");
        }

        // The pool rounds up to a power of two, so that growth is by doubling; more would be kept with the result for as long as it lives.
        var grown = ValuePool.Rent((int)(needed <= ValuePool.BytesMax ? needed : Math.Min(Array.MaxLength, 2 * needed)));
        _large.AsSpan(0, _largeWritten).CopyTo(grown);
        ValuePool.Return(_large);
        _large = grown;
    }

    // The old array stays as it is: columns that were handed on still read it.
    private void EnsureSmall(int entryBytes)
    {
        if (_data.Length - _committed < entryBytes)
        {
            var grown = new byte[Math.Max(2 * _data.Length, _committed + entryBytes)];
            _data.AsSpan(0, Math.Max(_committed, _written)).CopyTo(grown);
            Volatile.Write(ref _data, grown);
        }
    }

    private ValueBuffer DetachLarge(int length)
    {
        if (_large is { } large)
        {
            _large = null;
            return ValueBuffer.AdoptPooled(large);
        }

        var own = ValueBuffer.Rent(length);
        _data.AsSpan(_committed, length).CopyTo(own.Array);
        return own;
    }

    private void DropLarge()
    {
        if (_large is { } large)
        {
            _large = null;
            ValuePool.Return(large);
        }
    }

    private void AddEnd()
    {
        if (_ends.Length < (_entries + 1) * sizeof(uint))
        {
            var grown = new byte[2 * _ends.Length];
            _ends.CopyTo(grown, 0);
            Volatile.Write(ref _ends, grown);
        }

        BinaryPrimitives.WriteInt32LittleEndian(_ends.AsSpan(_entries * sizeof(uint)), _committed);
        Volatile.Write(ref _entries, _entries + 1);
    }
}
