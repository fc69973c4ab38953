using System.Buffers.Binary;
using Weft.Primitives;

namespace Weft.Client.Core.Tests;

/// <summary>Feeds a core one event at a time and keeps what came of it.</summary>
internal sealed class SessionDriver
{
    public const uint Session = 7;

    private long _timeMs;

    public SessionDriver(SessionSettings? settings = null, bool connected = true)
    {
        Core = new SessionCore(settings);
        if (connected)
        {
            Connect();
        }
    }

    public SessionCore Core { get; }

    /// <summary>The actions of the last event.</summary>
    public SessionActionList Actions { get; } = new();

    public static FunctionDefinition Square { get; } = new(new byte[] { 1 }, "Square", "");

    public static FunctionDefinition Negate { get; } = new(new byte[] { 2 }, "Negate", "");

    public static TaskId Id(ulong sequence) => new(new SessionId(Session), sequence);

    public static TaskRun Run(ulong sequence, int count = 1) => new(Id(sequence), count);

    public static ByteColumn Column(params int[] values)
    {
        var builder = new ByteColumnBuilder();
        Span<byte> word = stackalloc byte[sizeof(int)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, value);
            builder.Add(word);
        }

        return builder.Build();
    }

    public SessionActionList Apply(SessionEvent happened)
    {
        Actions.Clear();
        Core.Apply(new Stamped<SessionEvent>(_timeMs, happened), Actions);
        Core.CheckInvariants();
        return Actions;
    }

    public SessionActionList Connect(uint session = Session, bool resumed = false, string scheduler = "s1") =>
        Apply(new SessionEvent.Connected(new SessionId(session), 1, scheduler, resumed, new byte[] { 9 }));

    public void Advance(long ms) => _timeMs += ms;

    public TaskRun Submit(FunctionDefinition function, ByteColumn arguments, SubmissionOptions? options = null, params TaskId[] inputs) =>
        Accepted(new SessionEvent.TasksSubmitted(new TaskSubmission(function, options ?? SubmissionOptions.Default, arguments.Count)
        {
            Arguments = arguments,
            Inputs = inputs,
        }));

    public TaskRun Submit(int count = 1) => Submit(Square, Column([.. Enumerable.Range(0, count)]));

    public TaskRun Accepted(SessionEvent happened)
    {
        Apply(happened);
        Assert.Equal(1, Actions.Count);
        Assert.Equal(SessionActionKind.AcceptSubmission, Actions[0].Kind);
        return Actions[0].Tasks;
    }

    public OutgoingBatch Take()
    {
        var batch = new OutgoingBatch();
        Core.TryTakeBatch(batch);
        Core.CheckInvariants();
        return batch;
    }

    public void Tell(TaskRun run, FuturePhase phase, TaskError? error = null) => Apply(new SessionEvent.OutcomeTold(run, phase, error));

    public FuturePhase PhaseOf(ulong sequence, int generation = 0) => Core.PhaseOf(generation, Id(sequence));
}
