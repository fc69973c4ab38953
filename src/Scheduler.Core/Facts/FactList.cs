using System.Runtime.InteropServices;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Facts in the order in which they became true, until the shell takes them.</summary>
public sealed class FactList
{
    private readonly List<SchedulerFact> _facts = [];

    private long _taken;

    public int Count => _facts.Count;

    /// <summary>Facts since the start.</summary>
    public long Noted => _taken + _facts.Count;

    public ReadOnlySpan<SchedulerFact> Span => CollectionsMarshal.AsSpan(_facts);

    public void Add(SchedulerFact fact) => _facts.Add(fact);

    /// <summary>Adds a failure, joined with the one before when a neighbour failed for the same reason.</summary>
    public void AddFailed(TaskRun run, TaskError error)
    {
        if (_facts.Count > 0 && _facts[^1] is TasksFailed last && ReferenceEquals(last.Error, error))
        {
            if (last.Run.End == run.First)
            {
                _facts[^1] = last with { Run = new TaskRun(last.Run.First, last.Run.Count + run.Count) };
                return;
            }

            if (run.End == last.Run.First)
            {
                _facts[^1] = last with { Run = new TaskRun(run.First, last.Run.Count + run.Count) };
                return;
            }
        }

        _facts.Add(new TasksFailed(run, error));
    }

    /// <summary>They were taken: into the journal's buffer, in order.</summary>
    public void Clear()
    {
        _taken += _facts.Count;
        _facts.Clear();
    }
}
