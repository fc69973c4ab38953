using System.Buffers.Binary;
using Weft.Primitives;

namespace Weft.Worker.Core.Tests;

/// <summary>A bare core, fed one event at a time; every step checks the invariants. <see cref="Actions"/> are those of the last step.</summary>
internal sealed class WorkerBed(int slots = 1, WorkerCoreLimits? limits = null)
{
    public const uint Square = 1;
    public static readonly Attempt First = new(1, 1);
    public static readonly Attempt Second = new(1, 2);
    public static readonly Peer Ada = new("ada:1", "aa");
    public static readonly Peer Bob = new("bob:1", "bb");

    private long _nowMs = 1000;

    public WorkerCore Core { get; } = new(slots, limits);

    public WorkerActionList Actions { get; } = new();

    public WorkerReports Reports => Actions.Reports;

    public static TaskId Id(ulong sequence) => new(new SessionId(1), sequence);

    public static TaskRun Run(ulong first, int count = 1) => new(Id(first), count);

    public static AttemptRun At(ulong first, int count = 1, Attempt? attempt = null) => new(Run(first, count), attempt ?? First);

    public static ByteColumn Values(int count, int size = 1)
    {
        var column = new ByteColumnBuilder();
        for (var i = 0; i < count; i++)
        {
            column.Add(new byte[size]);
        }

        return column.Build();
    }

    public static InputIds OwnInputs(params ulong[] sequences)
    {
        var ids = new byte[sequences.Length * sizeof(ulong)];
        for (var i = 0; i < sequences.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(ids.AsSpan(i * sizeof(ulong)), Id(sequences[i]).Value);
        }

        var ends = new byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32LittleEndian(ends, sequences.Length);
        return new InputIds([], ids, ends);
    }

    public void Step(WorkerEvent happened, long elapsedMs = 0)
    {
        _nowMs += elapsedMs;
        Actions.ClearOrders();
        Actions.Recycle(Actions.TakeReports());
        Core.Apply(new Stamped<WorkerEvent>(_nowMs, happened), Actions);
        Core.CheckInvariants();
    }

    public void Assign(ulong first, int count = 1, InputIds? inputs = null, Attempt? attempt = null, int priority = 0, uint function = Square, bool keep = false) =>
        Step(new TasksAssigned(new Assignment
        {
            Run = Run(first, count),
            Attempt = attempt ?? First,
            Function = function,
            Priority = priority,
            Keep = keep,
            Inputs = inputs,
        }));

    /// <summary>Reports members as done with one byte each, by default a microsecond each.</summary>
    public void Complete(int slot, ulong first, int count = 1, Attempt? attempt = null, long nsEach = 1000, bool kept = false) =>
        Step(new AttemptsCompleted(slot, At(first, count, attempt), nsEach * count, Values(count), kept ? Enumerable.Repeat(1L, count).ToArray() : default));

    public void Fail(int slot, ulong task, Attempt? attempt = null) =>
        Step(new AttemptFailed(slot, Id(task), attempt ?? First, 1000, TaskError.Of(ErrorKind.UserException, Id(task), "no")));

    public void Give(ulong first, int count = 1) => Step(new ValuesGiven(Run(first, count), Values(count)));

    public void Name(ulong first, int count, params Peer[] peers) => Step(new HoldersNamed(Run(first, count), 100, peers));

    public void Free(ulong first, int count = 1) => Step(new FreeAsked(Run(first, count)));

    public void Retract(ulong first, int count = 1, Attempt? attempt = null) => Step(new RetractAsked(At(first, count, attempt)));

    public void Cancel(ulong first, int count = 1, Attempt? attempt = null) => Step(new CancelAsked(At(first, count, attempt)));

    /// <summary>Lets the function be known as taking so long: one task of it runs on slot 0.</summary>
    public void Teach(long ns, uint function = Square)
    {
        Assign(900_000, function: function);
        Complete(0, 900_000, nsEach: ns);
    }

    /// <summary>The only chunk begun by the last step.</summary>
    public RunAttempts Begun => Assert.Single(Actions.Runs);

    public FetchValues Fetch => Assert.Single(Actions.Fetches);
}
