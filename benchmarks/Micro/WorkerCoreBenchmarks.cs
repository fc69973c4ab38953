using BenchmarkDotNet.Attributes;
using Weft.Primitives;
using Weft.Worker.Core;

namespace Weft.Micro;

/// <summary>A range of tasks through the worker's core alone: cut into chunks for two slots, run at once, reported; figures are for one task.</summary>
[MemoryDiagnoser]
public class WorkerCoreBenchmarks
{
    private const int Tasks = 100_000;
    private const int ResultBytes = 8;

    private static readonly SessionId Session = new(1);
    private static readonly byte[] Data = new byte[Tasks * ResultBytes];

    private readonly WorkerActionList _actions = new();
    private readonly Queue<RunAttempts> _runs = new();

    /// <summary>What a task is measured to take decides how long a chunk is: 1 ms of work.</summary>
    [Params(100, 10_000, 1_000_000)]
    public long TaskNs { get; set; }

    [Benchmark(OperationsPerInvoke = Tasks)]
    public long OneRange() => Run([new TaskRun(new TaskId(Session, 1), Tasks)]);

    [Benchmark(OperationsPerInvoke = Tasks)]
    public long OneByOne() => Run(Enumerable.Range(1, Tasks).Select(static sequence => new TaskRun(new TaskId(Session, (ulong)sequence))));

    private long Run(IEnumerable<TaskRun> assigned)
    {
        var core = new WorkerCore(slots: 2);
        var completed = 0L;
        var attempt = 0u;
        foreach (var run in assigned)
        {
            Apply(core, new TasksAssigned(new Assignment { Run = run, Attempt = new Attempt(1, ++attempt), Function = 1 }));
        }

        while (_runs.TryDequeue(out var chunk))
        {
            Apply(core, new AttemptsCompleted(
                chunk.Slot, new AttemptRun(chunk.Run, chunk.Assignment.Attempt), TaskNs * chunk.Run.Count, Results(chunk.Run.Count), default));
            completed += Report();
        }

        return completed == Tasks ? completed : throw new InvalidOperationException($"{completed} of {Tasks} tasks were reported.");
    }

    private void Apply(WorkerCore core, WorkerEvent happened)
    {
        core.Apply(new Stamped<WorkerEvent>(0, happened), _actions);
        foreach (var run in _actions.Runs)
        {
            _runs.Enqueue(run);
        }

        _actions.ClearOrders();
    }

    private long Report()
    {
        var reports = _actions.TakeReports();
        var completed = 0L;
        foreach (var run in reports.Completed)
        {
            completed += run.Tasks.Run.Count;
        }

        _actions.Recycle(reports);
        return completed;
    }

    private static ByteColumn Results(int count) => new(Data.AsMemory(0, count * ResultBytes), EqualEnds.Of(count));
}
