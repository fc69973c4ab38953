using System.Runtime.InteropServices;
using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>Something that stands for a run of tasks. Its run may shrink at either end while indexed, but not become empty.</summary>
public interface IRunEntry
{
    TaskRun Run { get; }
}

/// <summary>
/// Finds the entry that a task id belongs to. Entries never overlap. Single tasks are in a hash table, because a chain has
/// thousands of them that come and go; true runs are few and lie in a sorted list.
/// </summary>
public sealed class RunIndex<T>
    where T : class, IRunEntry
{
    private readonly Dictionary<ulong, T> _singles = [];
    private readonly List<T> _spans = [];

    public int Count => _singles.Count + _spans.Count;

    public T? Find(TaskId id)
    {
        if (_singles.TryGetValue(id.Value, out var single))
        {
            return single;
        }

        if (_spans.Count == 0)
        {
            return null;
        }

        var place = SpanAtOrBefore(id);
        return place >= 0 && _spans[place].Run.Contains(id) ? _spans[place] : null;
    }

    public void Add(T entry)
    {
        var run = entry.Run;
        Invariant.Require(run.Count > 0, "an indexed run is not empty");
        if (run.Count == 1)
        {
            _singles.Add(run.First.Value, entry);
        }
        else if (_spans.Count == 0 || _spans[^1].Run.First.Value < run.First.Value)
        {
            _spans.Add(entry);
        }
        else
        {
            _spans.Insert(SpanAtOrBefore(run.First) + 1, entry);
        }
    }

    public void Remove(T entry)
    {
        var first = entry.Run.First;
        if (_singles.TryGetValue(first.Value, out var single) && ReferenceEquals(single, entry))
        {
            _singles.Remove(first.Value);
            return;
        }

        var place = SpanAtOrBefore(first);
        Invariant.Require(place >= 0 && ReferenceEquals(_spans[place], entry), "a removed entry is in the index");
        _spans.RemoveAt(place);
    }

    /// <summary>Adds to <paramref name="found"/> the entries that share a task with <paramref name="run"/>, by id.</summary>
    public void Overlapping(TaskRun run, List<T> found)
    {
        var before = found.Count;
        FindSingles(run, found);
        var singles = found.Count - before;
        for (var place = Math.Max(0, SpanAtOrBefore(run.First)); place < _spans.Count && _spans[place].Run.First.Value < run.End.Value; place++)
        {
            if (_spans[place].Run.End.Value > run.First.Value)
            {
                found.Add(_spans[place]);
            }
        }

        if (singles > 0 && found.Count - before > 1)
        {
            CollectionsMarshal.AsSpan(found)[before..].Sort(static (left, right) => left.Run.First.CompareTo(right.Run.First));
        }
    }

    /// <summary>Adds to <paramref name="gaps"/> the parts of <paramref name="run"/> that no entry has.</summary>
    public void Gaps(TaskRun run, List<TaskRun> gaps)
    {
        var known = new List<T>();
        Overlapping(run, known);
        var from = run.First.Value;
        foreach (var entry in known)
        {
            AddGap(from, entry.Run.First.Value, gaps);
            from = entry.Run.End.Value;
        }

        AddGap(from, run.End.Value, gaps);
    }

    public void CopyTo(List<T> entries)
    {
        entries.AddRange(_singles.Values);
        entries.AddRange(_spans);
        entries.Sort(static (left, right) => left.Run.First.CompareTo(right.Run.First));
    }

    private static void AddGap(ulong from, ulong to, List<TaskRun> gaps)
    {
        if (to > from)
        {
            gaps.Add(new TaskRun(new TaskId(from), (int)(to - from)));
        }
    }

    // Whichever is fewer, the ids or the entries: a run of a billion tasks costs what is here, not what it names.
    private void FindSingles(TaskRun run, List<T> found)
    {
        if (_singles.Count == 0)
        {
            return;
        }

        if (run.Count <= _singles.Count)
        {
            for (var offset = 0; offset < run.Count; offset++)
            {
                if (_singles.TryGetValue((run.First + offset).Value, out var single))
                {
                    found.Add(single);
                }
            }

            return;
        }

        foreach (var single in _singles.Values)
        {
            if (run.Contains(single.Run.First))
            {
                found.Add(single);
            }
        }
    }

    private int SpanAtOrBefore(TaskId id)
    {
        int low = 0, high = _spans.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_spans[middle].Run.First.Value <= id.Value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
