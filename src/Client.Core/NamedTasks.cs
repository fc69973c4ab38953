using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>Live tasks that were given a key by the user, and how many hold each.</summary>
internal sealed class NamedTasks
{
    private readonly Dictionary<string, Entry> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> _keyByFirst = [];

    public int Count => _byKey.Count;

    public void Add(string key, TaskRun run, TaskSubmission definition)
    {
        _byKey.Add(key, new Entry(run, definition));
        _keyByFirst.Add(run.First.Sequence, key);
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
        if (!_keyByFirst.TryGetValue(run.First.Sequence, out var key))
        {
            return true;
        }

        var entry = _byKey[key];
        if (entry.Run != run)
        {
            // Part of a named range: the range keeps its name until it is released as a whole.
            return entry.Holds == 1;
        }

        if (--entry.Holds > 0)
        {
            return false;
        }

        _byKey.Remove(key);
        _keyByFirst.Remove(run.First.Sequence);
        return true;
    }

    public void Clear()
    {
        _byKey.Clear();
        _keyByFirst.Clear();
    }

    private sealed class Entry(TaskRun run, TaskSubmission definition)
    {
        public TaskRun Run { get; } = run;

        public TaskSubmission Definition { get; } = definition;

        public int Holds { get; set; } = 1;
    }
}
