using System.Diagnostics.CodeAnalysis;

namespace Weft.Scheduler.Core;

/// <summary>Workers by id: found by an array read, walked in order of id. Ids are given in order and not used again.</summary>
internal sealed class WorkerTable
{
    private readonly SortedList<int, WorkerEntry> _ordered = [];
    private WorkerEntry?[] _byId = new WorkerEntry?[16];

    public int Count => _ordered.Count;

    public IList<WorkerEntry> Values => _ordered.Values;

    public bool TryGetValue(int id, [NotNullWhen(true)] out WorkerEntry? worker)
    {
        worker = (uint)id < (uint)_byId.Length ? _byId[id] : null;
        return worker is not null;
    }

    public void Add(WorkerEntry worker)
    {
        var id = worker.Id.Value;
        if (id >= _byId.Length)
        {
            Array.Resize(ref _byId, Math.Max(id + 1, _byId.Length * 2));
        }

        _byId[id] = worker;
        _ordered.Add(id, worker);
    }

    public bool Remove(int id, [NotNullWhen(true)] out WorkerEntry? worker)
    {
        if (!TryGetValue(id, out worker))
        {
            return false;
        }

        _byId[id] = null;
        return _ordered.Remove(id);
    }
}
