using System.Numerics;
using Weft.Primitives;
using Weft.Simulation.Tests;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>A scheduler as the autoscaler sees it: queues by function, workers that take, finish, drain and die.</summary>
internal sealed class SimulatedScheduler(Scenario scenario, SimulationRandom random)
{
    private readonly SortedDictionary<string, SimulatedWorker> _workers = new(StringComparer.Ordinal);
    private readonly List<(SimulatedFunction Function, LinkedList<SimulatedTask> Waiting)> _queues = [.. scenario.Bursts.Select(static burst => burst.Function).Distinct<SimulatedFunction>(ReferenceEqualityComparer.Instance).OrderByDescending(static function => function.Shape.Count).Select(static function => (function, new LinkedList<SimulatedTask>()))];
    private readonly Dictionary<SimulatedFunction, int> _holding = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SimulatedFunction, (long Ms, long Count)> _measured = new(ReferenceEqualityComparer.Instance);
    private readonly PriorityQueue<(SimulatedTask Task, int Run), (long TimeMs, long Sequence)> _ends = new();
    private readonly List<(SimulatedFunction Function, long ArrivedMs, long DurationMs)> _tasks = [];
    private long _sequence;
    private long _nowMs;
    private int _nextBurst;
    private long _lastWorkMs;

    public int Unfinished { get; private set; } = scenario.Bursts.Sum(static burst => burst.Count);

    /// <summary>Tasks submitted so far.</summary>
    public int Arrived { get; private set; }

    /// <summary>All that were submitted, in that order.</summary>
    public IReadOnlyList<(SimulatedFunction Function, long ArrivedMs, long DurationMs)> Tasks => _tasks;

    /// <summary>The longest that a task has waited for its slot.</summary>
    public long LongestWaitMs { get; private set; }

    public int RefusedDrains { get; private set; }

    public IReadOnlyDictionary<string, SimulatedWorker> Workers => _workers;

    public bool HasWorkers(NodeKey node) => _workers.Values.Any(worker => worker.Node == node);

    public void Join(NodeKey node)
    {
        var type = scenario.Options.NodeTypes.First(type => type.Name == node.Type);
        var processes = type.Resources.Count > 0 ? 1 : type.Slots;
        for (var i = 0; i < processes; i++)
        {
            var name = $"{node}-{i}";
            _workers.Add(name, new SimulatedWorker(name, node, type.Slots / processes, type.Resources.MilliOf("GPU"), _nowMs));
        }
    }

    /// <summary>A person, or a notice, tells the workers of a node to leave.</summary>
    public void Leave(NodeKey node)
    {
        foreach (var worker in Of(node))
        {
            worker.IsLeaving = true;
            worker.Refused = null;
            StepLeaving(worker);
        }
    }

    /// <summary>The autoscaler asks.</summary>
    public void Drain(NodeKey node)
    {
        foreach (var worker in Of(node).Where(static worker => !worker.IsLeaving))
        {
            if (_nowMs < scenario.Faults.EndMs && random.Chance(scenario.Faults.RefusedDrains))
            {
                worker.Refused = "it holds what nobody has room for";
                RefusedDrains++;
                continue;
            }

            worker.Refused = null;
            worker.IsLeaving = true;
            StepLeaving(worker);
        }
    }

    public void Lose(NodeKey node)
    {
        foreach (var worker in Of(node))
        {
            foreach (var task in worker.Tasks)
            {
                _holding[task.Function] -= task.IsInside ? 0 : 1;
                task.Run++;
                task.Worker = null;
                task.IsInside = false;
                QueueOf(task.Function).AddFirst(task);
            }

            _workers.Remove(worker.Name);
        }
    }

    public void Step(long nowMs)
    {
        while (NextMs() is var next && next <= nowMs)
        {
            _nowMs = next;
            if (_nextBurst < scenario.Bursts.Count && scenario.Bursts[_nextBurst].TimeMs == next)
            {
                Submit(scenario.Bursts[_nextBurst++]);
            }
            else
            {
                var (task, run) = _ends.Dequeue();
                if (task.Run == run)
                {
                    OnEnd(task);
                }
            }

            Place();
        }

        _nowMs = nowMs;
        Place();
        foreach (var worker in _workers.Values.Where(worker => worker.GoneMs <= nowMs).ToArray())
        {
            _workers.Remove(worker.Name);
        }
    }

    /// <summary>As the scheduler tells it: by shape, functions less than twice as long as each other in one row of their mean.</summary>
    public ClusterDemand Demand(bool hasClients)
    {
        var rows = _queues.Select(queue => (
                queue.Function.Shape,
                Waiting: queue.Waiting.Count,
                Running: _holding.GetValueOrDefault(queue.Function),
                MeanNs: _measured.TryGetValue(queue.Function, out var measured) ? measured.Ms * 1_000_000 / measured.Count : 0))
            .Where(static row => row.Waiting + row.Running > 0)
            .GroupBy(static row => (row.Shape.ToString(), row.MeanNs == 0 ? -1 : BitOperations.Log2((ulong)row.MeanNs)))
            .Select(static group => new DemandRow(
                group.First().Shape,
                group.Sum(static row => row.Waiting),
                group.Sum(static row => row.Running),
                group.Sum(static row => row.MeanNs * (row.Waiting + row.Running)) / group.Sum(static row => row.Waiting + row.Running)));
        var isBusy = _queues.Any(static queue => queue.Waiting.Count > 0) || _workers.Values.Any(static worker => worker.Tasks.Count > 0);
        _lastWorkMs = isBusy ? _nowMs : _lastWorkMs;
        return new ClusterDemand { Rows = [.. rows], HasClients = hasClients, SinceWorkMs = _nowMs - _lastWorkMs };
    }

    public IReadOnlyList<ObservedWorker> Observe() => [.. _workers.Values.Select(worker => new ObservedWorker
    {
        Name = worker.Name,
        Node = worker.Node,
        Slots = worker.Slots,
        Assigned = worker.Tasks.Count,
        Running = worker.Used,
        LongestRunningMs = worker.Tasks.Count == 0 ? 0 : _nowMs - worker.Tasks[0].BeganMs,
        WaitingInside = worker.Tasks.Count - worker.Used,
        IdleMs = worker.Tasks.Count > 0 ? 0 : _nowMs - worker.IdleSinceMs,
        StoredBytes = worker.StoredBytes,
        IsLeaving = worker.IsLeaving,
        RefusedToLeave = worker.Refused,
        ResourcesInUse = worker.GpuUsedMilli == 0 ? ResourceAmounts.None : ResourceAmounts.Of([new("GPU", worker.GpuUsedMilli)]),
    })];

    private SimulatedWorker[] Of(NodeKey node) => [.. _workers.Values.Where(worker => worker.Node == node)];

    private LinkedList<SimulatedTask> QueueOf(SimulatedFunction function) => _queues.Find(queue => ReferenceEquals(queue.Function, function)).Waiting;

    private long NextMs()
    {
        var burst = _nextBurst < scenario.Bursts.Count ? scenario.Bursts[_nextBurst].TimeMs : long.MaxValue;
        return _ends.TryPeek(out _, out var end) ? Math.Min(burst, end.TimeMs) : burst;
    }

    private void Submit(Burst burst)
    {
        for (var i = 0; i < burst.Count; i++)
        {
            var durationMs = burst.Function.MeanMs * random.Between(80L, 120L) / 100;
            QueueOf(burst.Function).AddLast(new SimulatedTask(burst.Function, _nowMs, durationMs));
            _tasks.Add((burst.Function, _nowMs, durationMs));
        }

        Arrived += burst.Count;
    }

    private void Place()
    {
        if (_queues.TrueForAll(static queue => queue.Waiting.Count == 0))
        {
            return;
        }

        var free = _workers.Values.Sum(static worker => worker.IsLeaving ? 0 : worker.Slots - worker.Used);
        foreach (var (function, waiting) in _queues)
        {
            while (free > 0 && waiting.First is { } first && WorkerFor(function) is { } worker)
            {
                waiting.RemoveFirst();
                Begin(first.Value, worker);
                free--;
            }
        }
    }

    /// <summary>Those without named resources first, for tasks that need none.</summary>
    private SimulatedWorker? WorkerFor(SimulatedFunction function)
    {
        SimulatedWorker? best = null;
        foreach (var worker in _workers.Values)
        {
            if (worker.Fits(function) && (best is null || RankOf(worker) > RankOf(best)))
            {
                best = worker;
            }
        }

        return best;
    }

    private int RankOf(SimulatedWorker worker) => (worker.GpuMilli == 0 ? 1_000_000 : 0) + (scenario.Spreads ? worker.Slots - worker.Used : 0);

    private void Begin(SimulatedTask task, SimulatedWorker worker)
    {
        task.Worker = worker;
        task.BeganMs = _nowMs;
        worker.Tasks.Add(task);
        worker.Used++;
        _holding[task.Function] = _holding.GetValueOrDefault(task.Function) + 1;
        worker.GpuUsedMilli += task.Function.Shape.MilliOf("GPU");
        if (task.Run == 0)
        {
            LongestWaitMs = Math.Max(LongestWaitMs, _nowMs - task.ArrivedMs);
        }

        _ends.Enqueue((task, task.Run), (_nowMs + (task.Function.IsParent ? 1_000 : task.DurationMs), _sequence++));
    }

    private void OnEnd(SimulatedTask task)
    {
        var worker = task.Worker!;
        if (task.Function.IsParent && !task.IsInside)
        {
            task.IsInside = true;
            worker.Used--;
            _holding[task.Function]--;
            _ends.Enqueue((task, task.Run), (_nowMs + task.DurationMs, _sequence++));
            return;
        }

        worker.Used -= task.IsInside ? 0 : 1;
        _holding[task.Function] -= task.IsInside ? 0 : 1;
        worker.GpuUsedMilli -= task.IsInside ? 0 : task.Function.Shape.MilliOf("GPU");
        worker.Tasks.Remove(task);
        worker.StoredBytes += random.Between(0L, 1000L);
        worker.IdleSinceMs = _nowMs;
        var (ms, count) = _measured.GetValueOrDefault(task.Function);
        _measured[task.Function] = (ms + task.DurationMs, count + 1);
        Unfinished--;
        StepLeaving(worker);
    }

    private void StepLeaving(SimulatedWorker worker)
    {
        if (worker.IsLeaving && worker.Tasks.Count == 0 && worker.GoneMs == long.MaxValue)
        {
            worker.GoneMs = _nowMs + random.Between(0L, 3_000L);
        }
    }
}
