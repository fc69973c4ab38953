using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>Runs of tasks in the order they were added; a run that continues the last one is joined to it.</summary>
public sealed class RunList
{
    private readonly List<TaskRun> _runs = [];

    public int Count => _runs.Count;

    public TaskRun this[int index] => _runs[index];

    public void Add(TaskRun run)
    {
        if (run.Count == 0)
        {
            return;
        }

        if (_runs.Count > 0 && _runs[^1] is var last && last.End == run.First && (long)last.Count + run.Count <= int.MaxValue)
        {
            _runs[^1] = last with { Count = last.Count + run.Count };
            return;
        }

        _runs.Add(run);
    }

    public void AddRange(RunList other)
    {
        foreach (var run in other._runs)
        {
            Add(run);
        }
    }

    public void Clear() => _runs.Clear();

    public List<TaskRun>.Enumerator GetEnumerator() => _runs.GetEnumerator();
}
