using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>
/// Live tasks that were given a key by the user, and how many hold each. A key means the tasks that got it last: those of before a restart of the
/// cluster may still be held when others have theirs.
/// </summary>
internal sealed class NamedTasks
{
    private readonly Dictionary<string, Entry> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, Entry> _byFirst = [];

    public int Count => _byKey.Count;

    public void Add(string key, TaskRun run, TaskSubmission definition)
    {
        var entry = new Entry(key, run, definition);
        _byKey.Add(key, entry);
        _byFirst.Add(run.First.Sequence, entry);
    }

    public bool TryGet(string key, out TaskRun run, out TaskSubmission definition)
    {
        var found = _byKey.TryGetValue(key, out var entry);
        run = found ? entry!.Run : default;
        definition = found ? entry!.Definition : null!;
        return found;
    }

    public void Join(string key) => _byKey[key].Holds++;

    /// <summary>One holder fewer. Whether nobody holds the run any more: true also for tasks without a key, which have one holder.</summary>
    public bool Leave(TaskRun run)
    {
        if (!_byFirst.TryGetValue(run.First.Sequence, out var entry))
        {
            return true;
        }

        if (entry.Run != run)
        {
            // Part of a named range: the range keeps its name until it is released as a whole.
            return entry.Holds == 1;
        }

        if (--entry.Holds > 0)
        {
            return false;
        }

        _byFirst.Remove(run.First.Sequence);
        if (_byKey.GetValueOrDefault(entry.Key) == entry)
        {
            _byKey.Remove(entry.Key);
        }

        return true;
    }

    /// <summary>The tasks below a sequence number are forgotten: their keys may be given to others. Who holds them still does.</summary>
    public void FreeKeysBelow(ulong sequence)
    {
        foreach (var (key, entry) in _byKey)
        {
            if (entry.Run.First.Sequence < sequence)
            {
                _byKey.Remove(key);
            }
        }
    }

    public void Clear()
    {
        _byKey.Clear();
        _byFirst.Clear();
    }

    private sealed class Entry(string key, TaskRun run, TaskSubmission definition)
    {
        public string Key { get; } = key;

        public TaskRun Run { get; } = run;

        public TaskSubmission Definition { get; } = definition;

        public int Holds { get; set; } = 1;
    }
}
