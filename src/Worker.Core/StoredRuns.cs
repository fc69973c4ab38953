using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>Which values are in this worker's store, and how large they are: blocks of runs that came together, not an entry for each task.</summary>
internal sealed class StoredRuns
{
    private readonly RunIndex<StoredRun> _index = new();
    private readonly List<StoredRun> _found = [];

    public long Bytes { get; private set; }

    /// <summary>How many times values were dropped: who saw an input here at this count need not look again.</summary>
    public long Removals { get; private set; }

    public int Blocks => _index.Count;

    public bool Contains(TaskId id) => _index.Find(id) is not null;

    /// <summary>Adds what is not here yet; the answer says whether that was all of it.</summary>
    /// <param name="run">Whose values they are.</param>
    /// <param name="sizes">In bytes, one for each.</param>
    /// <param name="attempt">The attempt that made them, if the scheduler relies on their being here; none: they are copies for tasks that run here.</param>
    public bool Add(TaskRun run, ReadOnlyMemory<long> sizes, Attempt attempt)
    {
        _found.Clear();
        _index.Overlapping(run, _found);
        if (_found.Count == 0)
        {
            AddBlock(new StoredRun(run, sizes, attempt));
            return true;
        }

        var gaps = new List<TaskRun>();
        _index.Gaps(run, gaps);
        foreach (var gap in gaps)
        {
            AddBlock(new StoredRun(gap, sizes.Slice((int)(gap.First - run.First), gap.Count), attempt));
        }

        return false;
    }

    /// <summary>A copy counts from now on as if it had been made here: the scheduler relies on it.</summary>
    public void Own(TaskId id, Attempt attempt)
    {
        if (_index.Find(id) is not { } block || block.Attempt != Attempt.None || attempt == Attempt.None)
        {
            return;
        }

        var offset = (int)(id.Value - block.Run.First.Value);
        _index.Remove(block);
        Bytes -= block.Bytes;
        AddSlice(block, 0, offset);
        AddSlice(block, offset + 1, block.Run.Count - offset - 1);
        AddBlock(new StoredRun(new TaskRun(id), block.Sizes.Slice(offset, 1), attempt));
    }

    /// <summary>Drops what is here of a run, and says what that was.</summary>
    public void Remove(TaskRun run, List<TaskRun> removed)
    {
        _found.Clear();
        _index.Overlapping(run, _found);
        foreach (var block in _found)
        {
            Removals++;
            _index.Remove(block);
            Bytes -= block.Bytes;
            var first = Math.Max(run.First.Value, block.Run.First.Value);
            var end = Math.Min(run.End.Value, block.Run.End.Value);
            AddSlice(block, 0, (int)(first - block.Run.First.Value));
            AddSlice(block, (int)(end - block.Run.First.Value), (int)(block.Run.End.Value - end));
            WorkerReports.Append(removed, new TaskRun(new TaskId(first), (int)(end - first)));
        }
    }

    public void AddCopies(List<TaskRun> copies)
    {
        foreach (var block in All().Where(static block => block.Attempt == Attempt.None))
        {
            copies.Add(block.Run);
        }
    }

    /// <summary>Adds what was made here, or was copied because the scheduler wanted it here.</summary>
    public void AddOwn(List<OwnResults> results)
    {
        foreach (var block in All().Where(static block => block.Attempt != Attempt.None))
        {
            results.Add(new OwnResults(new AttemptRun(block.Run, block.Attempt), block.Sizes));
        }
    }

    public void CheckInvariants()
    {
        var blocks = All();
        var end = 0UL;
        foreach (var block in blocks)
        {
            Invariant.Require(block.Run.First.Value >= end, "stored blocks do not overlap");
            Invariant.Require(block.Sizes.Length == block.Run.Count, "a block has a size for each value");
            end = block.Run.End.Value;
        }

        Invariant.Require(Bytes == blocks.Sum(static block => block.Bytes), "stored bytes add up");
    }

    private List<StoredRun> All()
    {
        var blocks = new List<StoredRun>();
        _index.CopyTo(blocks);
        return blocks;
    }

    private void AddSlice(StoredRun block, int offset, int count)
    {
        if (count > 0)
        {
            AddBlock(new StoredRun(block.Run.Slice(offset, count), block.Sizes.Slice(offset, count), block.Attempt));
        }
    }

    private void AddBlock(StoredRun block)
    {
        _index.Add(block);
        Bytes += block.Bytes;
    }

    private sealed class StoredRun : IRunEntry
    {
        public StoredRun(TaskRun run, ReadOnlyMemory<long> sizes, Attempt attempt)
        {
            Run = run;
            Attempt = attempt;
            Sizes = sizes;
            foreach (var size in sizes.Span)
            {
                Bytes += size;
            }
        }

        public TaskRun Run { get; }

        public Attempt Attempt { get; }

        public ReadOnlyMemory<long> Sizes { get; }

        public long Bytes { get; }
    }
}

/// <summary>Results that this worker holds because it made them, or was told to.</summary>
public readonly record struct OwnResults(AttemptRun Tasks, ReadOnlyMemory<long> StoredBytes);
