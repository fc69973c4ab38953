using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>Who holds results that are not here, as the scheduler last said. Bounded: the oldest words are forgotten first.</summary>
internal sealed class HolderTable(int runsMax)
{
    private readonly RunIndex<HolderRun> _index = new();
    private readonly Queue<HolderRun> _byAge = new();
    private readonly List<HolderRun> _found = [];

    public int Count => _index.Count;

    public HolderRun? Find(TaskId id) => _index.Find(id);

    public void Add(TaskRun run, long sizeBytes, Peer[] peers)
    {
        Forget(run);
        Insert(new HolderRun(run, sizeBytes, peers));
    }

    public void Clear()
    {
        while (_byAge.TryDequeue(out var known))
        {
            if (!known.IsForgotten)
            {
                Drop(known);
            }
        }
    }

    public void Forget(TaskRun run)
    {
        if (_index.Count == 0)
        {
            return;
        }

        _found.Clear();
        _index.Overlapping(run, _found);
        foreach (var known in _found)
        {
            if (known.IsForgotten)
            {
                // The rest of one before it took its place.
                continue;
            }

            Drop(known);
            var first = Math.Max(run.First.Value, known.Run.First.Value);
            var end = Math.Min(run.End.Value, known.Run.End.Value);
            InsertSlice(known, 0, (int)(first - known.Run.First.Value));
            InsertSlice(known, (int)(end - known.Run.First.Value), (int)(known.Run.End.Value - end));
        }
    }

    private void InsertSlice(HolderRun known, int offset, int count)
    {
        if (count > 0)
        {
            Insert(new HolderRun(known.Run.Slice(offset, count), known.SizeBytes, known.Peers));
        }
    }

    private void Insert(HolderRun run)
    {
        _index.Add(run);
        _byAge.Enqueue(run);
        while (_index.Count > runsMax || _byAge.Count > 2L * runsMax)
        {
            var oldest = _byAge.Dequeue();
            if (!oldest.IsForgotten)
            {
                Drop(oldest);
            }
        }
    }

    private void Drop(HolderRun run)
    {
        _index.Remove(run);
        run.IsForgotten = true;
    }

    internal sealed class HolderRun(TaskRun run, long sizeBytes, Peer[] peers) : IRunEntry
    {
        public TaskRun Run { get; } = run;

        public long SizeBytes { get; } = sizeBytes;

        public Peer[] Peers { get; } = peers;

        public bool IsForgotten { get; set; }
    }
}
