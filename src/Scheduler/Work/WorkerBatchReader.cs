using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;
using CoreAttemptRun = Weft.Scheduler.Core.AttemptRun;
using CoreFailedAttempt = Weft.Scheduler.Core.FailedAttempt;
using CoreStoredRun = Weft.Scheduler.Core.StoredRun;

namespace Weft.Scheduler;

/// <summary>Reads a worker's batches into events. Everything that a worker sent is checked here, once.</summary>
internal static class WorkerBatchReader
{
    /// <exception cref="ProtocolException">The batch breaks the protocol; the message names the field.</exception>
    public static WorkerSpoke Read(WorkerId worker, WorkerBatch batch) => new(worker)
    {
        Started = ReadAttempts(batch.Started, "started"),
        Completed = batch.Completed.Count == 0 ? [] : batch.Completed.Select(ReadCompleted).ToArray(),
        Failed = batch.Failed.Count == 0 ? [] : batch.Failed.Select(ReadFailed).ToArray(),
        Retracted = ReadAttempts(batch.Retracted, "retracted"),
        NotRetracted = ReadAttempts(batch.NotRetracted, "not_retracted"),
        Missing = RunReader.Read(batch.Missing, "missing"),
        Held = RunReader.Read(batch.Held, "held"),
        WaitingInside = ReadAttempts(batch.WaitingInside, "waiting_inside"),
        ResumedInside = ReadAttempts(batch.ResumedInside, "resumed_inside"),
        Pauses = batch.Pauses,
        Leaving = batch.Leaving?.Reason,
    };

    /// <param name="worker">The id that it was given.</param>
    /// <param name="hello">What it said.</param>
    /// <param name="knowsPast">Whether this scheduler, or the one that it took over from, gave out what the worker comes back with.</param>
    /// <exception cref="ProtocolException">The hello breaks the protocol; the message names the field.</exception>
    public static WorkerJoined ReadJoined(WorkerId worker, WorkerHello hello, bool knowsPast) => new(worker, ReadHello(hello))
    {
        HasPast = hello.Resumed && knowsPast,
        Restarts = (int)Math.Min(hello.Restarts, int.MaxValue),
        Pauses = hello.Pauses,
        Running = knowsPast ? ReadAttempts(hello.Running, "running") : [],
        Stored = knowsPast ? hello.Stored.Select(ReadStored).ToArray() : [],
    };

    /// <exception cref="ProtocolException">The report breaks the protocol; the message names the field.</exception>
    public static WorkerDied ReadDeath(WorkerDeath death) => new(
        death.Name,
        death.Incarnation.Memory,
        ReadAttempts(death.Running, "running"),
        death.Cause switch
        {
            DeathCause.OutOfMemory => WorkerDeathCause.OutOfMemory,
            DeathCause.Hung => WorkerDeathCause.Hung,
            _ => WorkerDeathCause.Unknown,
        },
        death.Detail.Length <= Limits.TextCharsMax ? death.Detail : death.Detail[..Limits.TextCharsMax]);

    private static CoreStoredRun ReadStored(Protocol.V1.StoredRun message) => RunMapping.TryRead(message.First, message.Count, out var run)
        ? new CoreStoredRun(run, new Attempt(message.Attempt), message.StoredBytes.Select(bytes => (long)Math.Min(bytes, long.MaxValue)).ToArray())
        : throw new ProtocolException($"stored: a run of {message.Count} tasks from {new TaskId(message.First)}");

    public static WorkerDescription ReadHello(WorkerHello hello) => new()
    {
        Name = hello.Name,
        Host = hello.Host,
        Address = hello.Address,
        Fingerprint = hello.Fingerprint,
        Slots = (int)Math.Clamp(hello.Slots, 1u, 4096u),
        MemoryLimitBytes = (long)Math.Min(hello.MemoryLimitBytes, long.MaxValue),
        Resources = hello.Resources.ToAmounts(),
        Incarnation = hello.Incarnation.Memory,
        IsSupervised = hello.Supervised,
    };

    private static CompletedRun ReadCompleted(Completed message)
    {
        if (!RunMapping.TryRead(message.First, message.Count, out var run))
        {
            throw new ProtocolException($"completed: a run of {message.Count} tasks from {new TaskId(message.First)}");
        }

        return new CompletedRun(run, new Attempt(message.Attempt), (long)Math.Min(message.DurationNs, long.MaxValue))
        {
            Values = new ByteColumn(message.Data.Memory, message.Ends.Memory),
            StoredBytes = message.StoredBytes.Count == 0 ? [] : message.StoredBytes.Select(bytes => (long)Math.Min(bytes, long.MaxValue)).ToArray(),
        };
    }

    private static CoreFailedAttempt ReadFailed(Protocol.V1.FailedAttempt message) => new(
        new TaskId(message.Task),
        new Attempt(message.Attempt),
        (long)Math.Min(message.DurationNs, long.MaxValue),
        (message.Error ?? new Error { Kind = (uint)ErrorKind.UserException, Message = "The worker gave no reason." }).ToTaskError());

    private static IReadOnlyList<CoreAttemptRun> ReadAttempts(IReadOnlyList<Protocol.V1.AttemptRun> messages, string field)
    {
        if (messages.Count == 0)
        {
            return [];
        }

        var runs = new CoreAttemptRun[messages.Count];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = RunMapping.TryRead(messages[i], out var run)
                ? new CoreAttemptRun(run, new Attempt(messages[i].Attempt))
                : throw new ProtocolException($"{field}: a run of {messages[i].Count} tasks from {new TaskId(messages[i].First)}");
        }

        return runs;
    }
}
