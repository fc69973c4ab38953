using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>Runs of tasks in the order they were added; a run that continues the last one is joined to it.</summary>
public sealed class RunList
{
    /// <summary>As long as a submission may be; a longer run would be refused.</summary>
    private const int RunLengthMax = 1 << 20;

    private readonly List<TaskRun> _runs = [];

    public int Count => _runs.Count;

    public TaskRun this[int index] => _runs[index];

    public void Add(TaskRun run)
    {
        if (run.Count > 0 && _runs.Count > 0 && _runs[^1] is var last && last.End == run.First && last.Count < RunLengthMax)
        {
            var joined = Math.Min(run.Count, RunLengthMax - last.Count);
            _runs[^1] = last with { Count = last.Count + joined };
            run = run.Slice(joined, run.Count - joined);
        }

        while (run.Count > 0)
        {
            var length = Math.Min(run.Count, RunLengthMax);
            _runs.Add(run.Slice(0, length));
            run = run.Slice(length, run.Count - length);
        }
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
