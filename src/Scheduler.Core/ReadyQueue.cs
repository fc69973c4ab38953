using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Ready tasks of one shape and priority, as runs: those that consume results, newest first, so that a graph is worked off in depth
/// and memory stays flat; then roots in the order of their submission. An entry is only a hint: a task is ready when its phase says so,
/// and whoever takes a run skips the others.
/// </summary>
internal sealed class ReadyLane
{
    /// <summary>Roots that are taken are cleared away when they are so many, and the greater part.</summary>
    private const int TakenMax = 1024;

    private readonly List<TaskRun> _consumers = [];
    private readonly List<TaskRun> _roots = [];

    /// <summary>Where in the roots the first are that are not taken: there are some, or the list is empty.</summary>
    private int _firstRoots;

    public bool IsEmpty => _consumers.Count == 0 && _roots.Count == 0;

    /// <summary>All entries, in no order that counts. Neighbouring runs of consumers may have become one, over the ends of their submissions.</summary>
    public IEnumerable<TaskRun> Runs => _roots.Skip(_firstRoots).Concat(_consumers);

    /// <summary>Adds roots, to the last run if they are neighbours of it: what comes back task by task goes out again as a range.</summary>
    /// <param name="run">Ready tasks.</param>
    /// <param name="submission">All tasks of theirs. Others' do not become one run with them: each submission is shared out among workers by itself.</param>
    public void PushRoots(TaskRun run, TaskRun submission)
    {
        if (_roots.Count == 0 || !submission.Contains(_roots[^1].First) || !TryJoinLast(_roots, run))
        {
            _roots.Add(run);
        }
    }

    public void PushConsumers(TaskRun run)
    {
        if (!TryJoinLast(_consumers, run))
        {
            _consumers.Add(run);
        }
    }

    /// <summary>The run whose turn it is, without taking it.</summary>
    public bool TryPeek(out TaskRun run)
    {
        if (_consumers.Count > 0)
        {
            run = _consumers[^1];
            return true;
        }

        run = _roots.Count > 0 ? _roots[_firstRoots] : default;
        return _roots.Count > 0;
    }

    /// <summary>Takes the first tasks of the run that <see cref="TryPeek"/> gave.</summary>
    public void Take(int count)
    {
        if (_consumers.Count > 0)
        {
            var run = _consumers[^1];
            if (count == run.Count)
            {
                _consumers.RemoveAt(_consumers.Count - 1);
            }
            else
            {
                _consumers[^1] = run.Slice(count, run.Count - count);
            }

            return;
        }

        var first = _roots[_firstRoots];
        if (count < first.Count)
        {
            _roots[_firstRoots] = first.Slice(count, first.Count - count);
            return;
        }

        _firstRoots++;
        if (_firstRoots == _roots.Count || (_firstRoots >= TakenMax && _firstRoots >= _roots.Count / 2))
        {
            _roots.RemoveRange(0, _firstRoots);
            _firstRoots = 0;
        }
    }

    private static bool TryJoinLast(List<TaskRun> runs, TaskRun run)
    {
        if (runs.Count == 0)
        {
            return false;
        }

        var last = runs[^1];
        if (last.End != run.First && run.End != last.First)
        {
            return false;
        }

        runs[^1] = new TaskRun(last.End == run.First ? last.First : run.First, last.Count + run.Count);
        return true;
    }
}
