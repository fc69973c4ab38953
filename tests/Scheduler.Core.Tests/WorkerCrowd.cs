using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Workers that do what they are told, a task at a time: each queue in its order, every result kept, every input fetched and kept too.</summary>
internal sealed class WorkerCrowd(SchedulerHarness harness)
{
    private readonly SortedDictionary<int, List<AttemptRun>> _queues = [];
    private int _lastId;

    /// <summary>The ids of those that live.</summary>
    public IReadOnlyList<int> Ids => [.. _queues.Keys];

    public bool IsIdle => _queues.Values.All(static queue => queue.Count == 0);

    /// <summary>Outcomes that were told, by task: the last of each.</summary>
    public Dictionary<TaskId, TaskPhase> Told { get; } = [];

    public void Join()
    {
        var id = ++_lastId;
        _queues.Add(id, []);
        Obey(harness.Join(id));
    }

    public void Kill(int id)
    {
        _queues.Remove(id);
        Obey(harness.Lose(id));
    }

    /// <summary>Each worker ends the next task it has.</summary>
    public void Step()
    {
        foreach (var id in Ids)
        {
            if (_queues.GetValueOrDefault(id) is { Count: > 0 } queue)
            {
                var next = queue[0];
                queue.RemoveAt(0);
                Obey(harness.Apply(harness.Spoke(id) with { Completed = [new CompletedRun(next.Run, next.Attempt, 1_000_000) { StoredBytes = [100_000] }] }));
            }
        }
    }

    /// <summary>Says that a worker has a copy of a result.</summary>
    public void Copy(int id, TaskRun run) => Obey(harness.Apply(harness.Spoke(id) with { Held = [run] }));

    public void Obey(IEnumerable<SchedulerAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action.Kind)
            {
                case ActionKind.TellOutcome:
                    Each(action.Run).ForEach(task => Told[task.First] = action.Phase);
                    break;
                case ActionKind.Assign when _queues.TryGetValue(action.Target, out var queue):
                    queue.AddRange(Each(action.Run).Select(task => new AttemptRun(task, action.Attempt)));
                    break;
                case ActionKind.Cancel when _queues.TryGetValue(action.Target, out var queue):
                    queue.RemoveAll(work => action.Run.Contains(work.Run.First) && work.Attempt == action.Attempt);
                    break;
                case ActionKind.Retract when _queues.TryGetValue(action.Target, out var queue):
                    foreach (var task in Each(action.Run))
                    {
                        var asked = new AttemptRun(task, action.Attempt);
                        Obey(harness.Apply(queue.Remove(asked)
                            ? harness.Spoke(action.Target) with { Retracted = [asked] }
                            : harness.Spoke(action.Target) with { NotRetracted = [asked] }));
                    }

                    break;
            }
        }
    }

    private static List<TaskRun> Each(TaskRun run) => [.. Enumerable.Range(0, run.Count).Select(index => new TaskRun(run.First + index))];
}
