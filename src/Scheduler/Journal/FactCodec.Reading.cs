using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;
using AttemptRun = Weft.Protocol.V1.AttemptRun;
using CoreOptions = Weft.Scheduler.Core.TaskOptions;
using CoreSubmission = Weft.Scheduler.Core.Submission;
using RememberedPart = Weft.Scheduler.Core.RememberedPart;
using WireOptions = Weft.Protocol.V1.TaskOptions;
using WirePart = Weft.Protocol.V1.RememberedPart;
using WireSubmission = Weft.Protocol.V1.Submission;

namespace Weft.Scheduler;

/// <summary>Records to facts. What would make a core read beyond its columns is refused here, once.</summary>
internal sealed partial class FactCodec
{
    private SchedulerFact FactOf(JournalRecord record) => record.FactCase switch
    {
        JournalRecord.FactOneofCase.TasksSubmitted => new TasksSubmitted(ToSubmission(record.TasksSubmitted, record.Options)),
        JournalRecord.FactOneofCase.ResultsAccepted => ToFact(record.ResultsAccepted),
        JournalRecord.FactOneofCase.TasksReleased => new TasksReleased(ToRun(record.TasksReleased)),
        JournalRecord.FactOneofCase.ValuesScattered => ToFact(record.ValuesScattered),
        JournalRecord.FactOneofCase.TasksFailed => new TasksFailed(ToRun(record.TasksFailed.Run), ToError(record.TasksFailed)),
        JournalRecord.FactOneofCase.TasksRefused => new TasksRefused(ToRun(record.TasksRefused.Run), ToError(record.TasksRefused)),
        JournalRecord.FactOneofCase.AttemptsSpent => ToFact(record.AttemptsSpent),
        JournalRecord.FactOneofCase.TasksRetried => ToFact(record.TasksRetried),
        JournalRecord.FactOneofCase.SessionOpened => new SessionOpened(ToSession(record.SessionOpened.Session), record.SessionOpened.ResumeKey.Memory),
        JournalRecord.FactOneofCase.SessionClosed => new SessionClosed(ToSession(record.SessionClosed)),
        JournalRecord.FactOneofCase.FunctionDefined => ToFact(record.FunctionDefined),
        JournalRecord.FactOneofCase.SetupChanged => ToFact(record.SetupChanged),
        JournalRecord.FactOneofCase.WorkerCame => new WorkerCame(record.WorkerCame.Name, record.WorkerCame.Incarnation.Memory),
        JournalRecord.FactOneofCase.WorkerWent => new WorkerWent(record.WorkerWent.Memory),
        JournalRecord.FactOneofCase.ClusterRestarted => new ClusterRestarted(ToNumber(record.ClusterRestarted)),
        JournalRecord.FactOneofCase.SnapshotEnded => new SnapshotEnded(),
        JournalRecord.FactOneofCase.NamePublished => ToFact(record.NamePublished),
        JournalRecord.FactOneofCase.NameUnpublished => new NameUnpublished(record.NameUnpublished),
        JournalRecord.FactOneofCase.SessionReached => new SessionReached(ToSession(record.SessionReached.Session), record.SessionReached.Next, record.SessionReached.ForgottenBelow),
        JournalRecord.FactOneofCase.SubmissionRemembered => ToFact(record.SubmissionRemembered, record.Options),
        _ => throw new InvalidDataException("it holds a kind of fact that this version does not know"),
    };

    private static SessionId ToSession(uint value) => new(value);

    private static int ToNumber(uint value) => value <= int.MaxValue ? (int)value : throw Wrong($"a number of {value}");

    private static TaskRun ToRun(Run? message) => ToRun(message?.First ?? 0, message?.Count ?? 0);

    /// <summary>Longer ones than a message may hold are right: facts of neighbouring runs become one.</summary>
    private static TaskRun ToRun(ulong first, uint count) =>
        count is > 0 and <= int.MaxValue && new TaskId(first).Sequence + count - 1 <= TaskId.SequenceMax
            ? new TaskRun(new TaskId(first), (int)count)
            : throw Wrong($"a run of {count} tasks from {new TaskId(first)}");

    private static ByteColumn ToColumn(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> ends, int count)
    {
        var column = new ByteColumn(data, ends);
        return column.IsWellFormed(count) ? column : throw Wrong($"a column that is not one of {count} entries");
    }

    private static InvalidDataException Wrong(string what) => new($"it holds {what}");

    private CoreSubmission ToSubmission(WireSubmission? message, WireOptions? options)
    {
        if (message is null)
        {
            throw Wrong("no submission");
        }

        var run = ToRun(message.First, message.Count);
        var submission = new CoreSubmission
        {
            First = run.First,
            Count = run.Count,
            Function = ToNumber(message.Function),
            Options = ToOptions(options),
            SharedArguments = message.SharedArguments.Memory,
            Arguments = message.ArgumentEnds.IsEmpty ? default : ToColumn(message.Arguments.Memory, message.ArgumentEnds.Memory, run.Count),
            Rules = message.InputRuns.Count == 0 ? [] : message.InputRuns.Select(ToRule).ToArray(),
            InputIds = message.Inputs.Memory,
            InputEnds = message.InputEnds.Memory,
            Key = message.Key,
        };
        return submission.FindFault() is { } fault ? throw Wrong(fault) : submission;
    }

    private static InputRule ToRule(InputRun rule) => new(new TaskId(rule.Start), ToNumber(rule.Count), rule.Step, rule.Stride);

    private CoreOptions ToOptions(WireOptions? message)
    {
        if (message is null)
        {
            return CoreOptions.Default;
        }

        if (_options.TryGetValue(message, out var known))
        {
            return known;
        }

        var options = new CoreOptions
        {
            Priority = message.Priority,
            Retries = ToNumber(message.Retries),
            Resources = message.Resources.ToAmounts(),
            AllowedWorkers = [.. message.AllowedWorkers],
            Idempotent = !message.NotIdempotent,
            RunTimeoutMs = (long)Math.Min(message.RunTimeoutMs, long.MaxValue),
            QueueTimeoutMs = (long)Math.Min(message.QueueTimeoutMs, long.MaxValue),
        };
        if (_options.Count < OptionsMax)
        {
            _options.Add(message, options);
        }

        return options;
    }

    private static ResultsAccepted ToFact(AcceptedResults message)
    {
        var run = ToRun(message.Values?.First ?? 0, message.Values?.Count ?? 0);
        if (message.StoredBytes.Count == 0)
        {
            return new ResultsAccepted(run, new Attempt(message.Attempt)) { Values = ToColumn(message.Values!.Data.Memory, message.Values.Ends.Memory, run.Count) };
        }

        return message.StoredBytes.Count == run.Count
            ? new ResultsAccepted(run, new Attempt(message.Attempt)) { StoredBytes = message.StoredBytes.Select(static size => (long)size).ToArray() }
            : throw Wrong($"{message.StoredBytes.Count} sizes for {run.Count} results");
    }

    private static ValuesScattered ToFact(Values message)
    {
        var run = ToRun(message.First, message.Count);
        return new ValuesScattered(run, ToColumn(message.Data.Memory, message.Ends.Memory, run.Count));
    }

    private static TaskError ToError(FailedTasks message) => message.Error?.ToTaskError() ?? throw Wrong("a failure without its error");

    private static AttemptsSpent ToFact(SpentAttempts message) =>
        new(new TaskId(message.Task), new Attempt(message.Last), ToNumber(message.Retried), ToNumber(message.Deaths), message.MayHaveBegun);

    private static TasksRetried ToFact(RetriedTasks message) => new(message.Runs.Select(ToRun).ToArray(), new Attempt(message.Last));

    private static FunctionDefined ToFact(Function message) =>
        new(ToNumber(message.Number), message.Descriptor_.Memory, message.Name, message.Bundle);

    private static SetupChanged ToFact(ChangedSetup message)
    {
        var setup = message.Setup ?? throw Wrong("no setup");
        return new SetupChanged(ToSession(message.Session), ToNumber(setup.Number), ToNumber(setup.Function), setup.Arguments.Memory);
    }

    private static NamePublished ToFact(PublishedName message) => new(message.Name, message.Runs.Select(ToRun).ToArray(), message.Note.Memory);

    private SubmissionRemembered ToFact(RememberedSubmission message, WireOptions? options) =>
        new(ToSubmission(message.Submission, options), message.Parts.Select(ToPart).ToArray());

    private static RememberedPart ToPart(WirePart part) => new(ToRun(part.Run), part.IsLinked, part.IsHeld, part.IsReleased, part.IsScattered, part.IsBroken);
}
