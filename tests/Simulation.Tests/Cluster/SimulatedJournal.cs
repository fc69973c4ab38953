using System.Buffers;
using Weft.Scheduler;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>A scheduler's facts as the records of its journal: what was written survives its process, what was synced survives its host.</summary>
internal sealed class SimulatedJournal
{
    private readonly List<byte[]> _records = [];
    private int _synced;

    public int Written => _records.Count;

    public void Append(SchedulerFact fact)
    {
        var record = new ArrayBufferWriter<byte>();
        FactCodec.Write(fact, record);
        _records.Add(record.WrittenSpan.ToArray());
    }

    /// <summary>The first so many are on the disk.</summary>
    public void Sync(int records) => _synced = Math.Max(_synced, Math.Min(records, _records.Count));

    /// <summary>The host lost its power: what was written last is gone, some of it or all that was not synced.</summary>
    public IReadOnlyList<SchedulerFact> Cut(SimulationRandom random)
    {
        var kept = _synced + random.Below(_records.Count - _synced + 1);
        var lost = Read(_records.Skip(kept));
        _records.RemoveRange(kept, _records.Count - kept);
        return lost;
    }

    public List<SchedulerFact> Read() => Read(_records);

    /// <summary>These facts in place of all.</summary>
    public void Replace(IEnumerable<SchedulerFact> facts)
    {
        _records.Clear();
        _synced = 0;
        foreach (var fact in facts)
        {
            Append(fact);
        }

        Sync(_records.Count);
    }

    private static List<SchedulerFact> Read(IEnumerable<byte[]> records)
    {
        var codec = new FactCodec();
        return records.Select(record => codec.Read(record)).ToList();
    }
}
