using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Ready tasks of one shape and priority, as runs: those that consume results, newest first, so that a graph is worked off in depth
/// and memory stays flat; then roots in the order of their submission. An entry is only a hint: a task is ready when its phase says so,
/// and whoever takes a run skips the others.
/// </summary>
internal sealed class ReadyLane
{
    private readonly List<TaskRun> _consumers = [];
    private readonly Queue<TaskRun> _roots = [];
    private TaskRun _firstRoots;

    public bool IsEmpty => _consumers.Count == 0 && _firstRoots.Count == 0 && _roots.Count == 0;

    /// <summary>All entries, in no order that counts. Neighbouring runs of one kind may have become one, over the ends of their submissions.</summary>
    public IEnumerable<TaskRun> Runs => _roots.Append(_firstRoots).Concat(_consumers);

    public void PushRoots(TaskRun run) => _roots.Enqueue(run);

    public void PushConsumers(TaskRun run)
    {
        if (_consumers.Count > 0)
        {
            var last = _consumers[^1];
            if (last.End == run.First)
            {
                _consumers[^1] = new TaskRun(last.First, last.Count + run.Count);
                return;
            }

            if (run.End == last.First)
            {
                _consumers[^1] = new TaskRun(run.First, last.Count + run.Count);
                return;
            }
        }

        _consumers.Add(run);
    }

    /// <summary>The run whose turn it is, without taking it.</summary>
    public bool TryPeek(out TaskRun run)
    {
        if (_consumers.Count > 0)
        {
            run = _consumers[^1];
            return true;
        }

        if (_firstRoots.Count == 0 && !_roots.TryDequeue(out _firstRoots))
        {
            run = default;
            return false;
        }

        run = _firstRoots;
        return true;
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

        _firstRoots = _firstRoots.Slice(count, _firstRoots.Count - count);
    }
}
