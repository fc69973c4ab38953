using Weft.Primitives;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>
/// The values that this worker holds, as bytes. Which ones is the core's decision; this only keeps, lends and drops them. Thread safe: slots and
/// transfers read while the core's orders are carried out.
/// </summary>
internal sealed class ObjectStore
{
    private readonly Lock _gate = new();
    private readonly RunIndex<Block> _index = new();
    private readonly List<Block> _found = [];
    private readonly List<TaskRun> _gaps = [];
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Keeps values of a run; those here already stay as they are. The column's memory is the store's from now on.</summary>
    public void Put(TaskRun run, ByteColumn values)
    {
        lock (_gate)
        {
            _gaps.Clear();
            _index.Gaps(run, _gaps);
            foreach (var gap in _gaps)
            {
                Add(new Block(gap, values.Slice((int)(gap.First - run.First), gap.Count), null));
            }
        }
    }

    /// <summary>Keeps one value. The buffer's reference goes over to the store, also when the value was here already.</summary>
    public void Put(TaskId id, ValueBuffer buffer, int length)
    {
        lock (_gate)
        {
            if (_index.Find(id) is null)
            {
                Add(new Block(new TaskRun(id), ByteColumn.Of(buffer.Array.AsMemory(0, length)), buffer));
                return;
            }
        }

        buffer.Release();
    }

    public bool TryLease(TaskId id, out ValueLease lease)
    {
        lock (_gate)
        {
            if (_index.Find(id) is not { } block)
            {
                lease = default;
                return false;
            }

            block.Buffer?.Retain();
            lease = new ValueLease(block.Values[(int)(id - block.Run.First)], block.Buffer);
            return true;
        }
    }

    public void Free(TaskRun run)
    {
        lock (_gate)
        {
            _index.Overlapping(run, _found);
            foreach (var block in _found)
            {
                Remove(block);
                var first = (int)(Math.Max(run.First.Value, block.Run.First.Value) - block.Run.First.Value);
                var end = (int)(Math.Min(run.End.Value, block.Run.End.Value) - block.Run.First.Value);
                AddSlice(block, 0, first);
                AddSlice(block, end, block.Run.Count - end);
            }

            // What was freed is not to be kept by being remembered here.
            _found.Clear();
        }
    }

    /// <summary>Drops everything; what is on loan stays until it is given back.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _index.CopyTo(_found);
            foreach (var block in _found)
            {
                Remove(block);
            }

            _found.Clear();
        }
    }

    private void AddSlice(Block block, int offset, int count)
    {
        if (count > 0)
        {
            Add(new Block(block.Run.Slice(offset, count), block.Values.Slice(offset, count), null));
        }
    }

    private void Add(Block block)
    {
        _index.Add(block);
        Interlocked.Add(ref _bytes, block.Values.Bytes.Length);
    }

    private void Remove(Block block)
    {
        _index.Remove(block);
        Interlocked.Add(ref _bytes, -block.Values.Bytes.Length);
        block.Buffer?.Release();
    }

    /// <summary>Values that came together. Only a single one has a counted buffer, so a block that is cut has none.</summary>
    private sealed record Block(TaskRun Run, ByteColumn Values, ValueBuffer? Buffer) : IRunEntry;
}
