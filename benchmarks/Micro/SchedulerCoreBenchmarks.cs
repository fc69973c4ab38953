using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Micro;

/// <summary>Tasks through their whole life in the core alone, with two workers that answer at once; figures are for one task.</summary>
// An iteration is one run: more of them are needed until the code is compiled as it stays.
[MemoryDiagnoser, WarmupCount(8)]
public class SchedulerCoreBenchmarks
{
    private const int Tasks = 100_000;
    private const int BatchTasks = 1_000;
    private const int PlanBudget = 100_000;

    private static readonly SessionId Session = new(1);
    private static readonly byte[] Data = new byte[Tasks * sizeof(long)];

    private readonly ActionList _actions = new();
    private readonly List<SchedulerAction> _assigned = [];
    private SchedulerCore _core = null!;
    private ulong _sequence = 1;

    [IterationSetup]
    public void Setup()
    {
        _core = new SchedulerCore(new SchedulerOptions());
        _sequence = 1;
        Apply(new SessionAttached(Session));
        for (var worker = 1; worker <= 2; worker++)
        {
            Apply(new WorkerJoined(new WorkerId(worker), new WorkerDescription { Name = $"w{worker}", Address = $"w{worker}:1" }));
        }
    }

    [Benchmark(OperationsPerInvoke = Tasks)]
    public long OneRange() => Run([New(Tasks)]);

    [Benchmark(OperationsPerInvoke = Tasks)]
    public long OneByOne() => Run(Enumerable.Range(0, Tasks).Select(_ => New(1)));

    [Benchmark(OperationsPerInvoke = Tasks)]
    public long Chain() => Run(Enumerable.Range(0, Tasks).Select(index => New(1, index == 0 ? [] : [NextId + -1])));

    [Benchmark(OperationsPerInvoke = Tasks)]
    public long RandomGraph()
    {
        var random = new Random(7);
        return Run(Enumerable.Range(0, Tasks).Select(index => New(1, index < 3 ? [] : [Earlier(index), Earlier(index), Earlier(index)])));

        TaskId Earlier(int index) => new(Session, 1 + (ulong)random.Next(index));
    }

    private TaskId NextId => new(Session, _sequence);

    private long Run(IEnumerable<Submission> submissions)
    {
        foreach (var batch in submissions.Chunk(BatchTasks))
        {
            Apply(new ClientSpoke(Session) { Submissions = batch });
        }

        while (_assigned.Count > 0)
        {
            var answers = _assigned.GroupBy(static action => action.Target).Select(Answer).ToList();
            _assigned.Clear();
            answers.ForEach(Apply);
        }

        Apply(new ClientSpoke(Session) { Released = [new TaskRun(new TaskId(Session, 1), Tasks)] });
        return _core.LiveTasks == 0 && _core.Completed == Tasks
            ? _core.Completed
            : throw new InvalidOperationException($"{_core.Completed} tasks completed, {_core.LiveTasks} are left.");
    }

    private void Apply(SchedulerEvent happened)
    {
        _actions.Clear();
        _core.Apply(new Stamped<SchedulerEvent>(0, happened), _actions);
        while (_core.Plan(PlanBudget, _actions))
        {
        }

        _core.TakeNews(Session, int.MaxValue, int.MaxValue, _actions);
        foreach (var action in _actions.Span)
        {
            if (action.Kind == ActionKind.Assign)
            {
                _assigned.Add(action);
            }
        }
    }

    private static WorkerSpoke Answer(IGrouping<int, SchedulerAction> assigned) => new(new WorkerId(assigned.Key))
    {
        Completed = [.. assigned.Select(static action => new CompletedRun(action.Run, action.Attempt, 1000L * action.Run.Count)
        {
            Values = new ByteColumn(Data.AsMemory(0, action.Run.Count * sizeof(long)), EqualEnds.Of(action.Run.Count)),
        })],
    };

    private Submission New(int count, params ReadOnlySpan<TaskId> inputs)
    {
        var ids = new byte[inputs.Length * sizeof(ulong)];
        for (var index = 0; index < inputs.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(ids.AsSpan(index * sizeof(ulong)), inputs[index].Value);
        }

        var submission = new Submission
        {
            First = NextId,
            Count = count,
            Function = 1,
            InputIds = ids,
            InputEnds = inputs.IsEmpty ? default : BitConverter.GetBytes(inputs.Length),
        };
        _sequence += (ulong)count;
        return submission;
    }
}
