using Google.Protobuf;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;
using CoreOptions = Weft.Scheduler.Core.TaskOptions;
using CoreSubmission = Weft.Scheduler.Core.Submission;
using RememberedPart = Weft.Scheduler.Core.RememberedPart;
using WireOptions = Weft.Protocol.V1.TaskOptions;
using WirePart = Weft.Protocol.V1.RememberedPart;
using WireSubmission = Weft.Protocol.V1.Submission;

namespace Weft.Scheduler;

/// <summary>Facts to records.</summary>
internal sealed partial class FactCodec
{
    private static JournalRecord RecordOf(SchedulerFact fact) => fact switch
    {
        TasksSubmitted submitted => new() { Options = OptionsOf(submitted.Submission), TasksSubmitted = ToMessage(submitted.Submission) },
        ResultsAccepted accepted => new() { ResultsAccepted = ToMessage(accepted) },
        TasksReleased released => new() { TasksReleased = released.Run.ToMessage() },
        ValuesScattered scattered => new() { ValuesScattered = ToMessage(scattered.Run, scattered.Values) },
        TasksFailed failed => new() { TasksFailed = new() { Run = failed.Run.ToMessage(), Error = failed.Error.ToMessage() } },
        TasksRefused refused => new() { TasksRefused = new() { Run = refused.Run.ToMessage(), Error = refused.Error.ToMessage() } },
        AttemptsSpent spent => new() { AttemptsSpent = ToMessage(spent) },
        TasksRetried retried => new() { TasksRetried = ToMessage(retried) },
        SessionOpened opened => new() { SessionOpened = new() { Session = opened.Session.Value, ResumeKey = Wrap(opened.ResumeKey) } },
        SessionClosed closed => new() { SessionClosed = closed.Session.Value },
        FunctionDefined function => new() { FunctionDefined = ToMessage(function) },
        SetupChanged setup => new() { SetupChanged = ToMessage(setup) },
        WorkerCame came => new() { WorkerCame = new() { Name = came.Name, Incarnation = Wrap(came.Incarnation) } },
        WorkerWent went => new() { WorkerWent = Wrap(went.Incarnation) },
        ClusterRestarted restarted => new() { ClusterRestarted = (uint)restarted.Number },
        SnapshotEnded => new() { SnapshotEnded = true },
        NamePublished published => new() { NamePublished = ToMessage(published) },
        NameUnpublished unpublished => new() { NameUnpublished = unpublished.Name },
        SessionReached reached => new() { SessionReached = new() { Session = reached.Session.Value, Next = reached.NextSequence, ForgottenBelow = reached.ForgottenBelow } },
        SubmissionRemembered remembered => new() { Options = OptionsOf(remembered.Submission), SubmissionRemembered = ToMessage(remembered) },
        _ => throw new InvariantException($"Broken rule: every fact has a record ({fact.GetType().Name})."),
    };

    private static RetriedTasks ToMessage(TasksRetried retried)
    {
        var message = new RetriedTasks { Last = retried.Last.Value };
        message.Runs.AddRange(retried.Runs.Select(static run => run.ToMessage()));
        return message;
    }

    private static ByteString Wrap(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(bytes);

    private static WireOptions? OptionsOf(CoreSubmission submission)
    {
        var options = submission.Options;
        if (ReferenceEquals(options, CoreOptions.Default))
        {
            return null;
        }

        var message = new WireOptions
        {
            Priority = options.Priority,
            Retries = (uint)options.Retries,
            NotIdempotent = !options.Idempotent,
            RunTimeoutMs = (ulong)options.RunTimeoutMs,
            QueueTimeoutMs = (ulong)options.QueueTimeoutMs,
        };
        options.Resources.AddTo(message.Resources);
        message.AllowedWorkers.AddRange(options.AllowedWorkers);
        return message;
    }

    private static WireSubmission ToMessage(CoreSubmission submission)
    {
        var message = new WireSubmission
        {
            First = submission.First.Value,
            Count = (uint)submission.Count,
            Function = (uint)submission.Function,
            SharedArguments = Wrap(submission.SharedArguments),
            Arguments = Wrap(submission.Arguments.Bytes),
            ArgumentEnds = Wrap(submission.Arguments.EndsFromZero()),
            Inputs = Wrap(submission.InputIds),
            InputEnds = Wrap(submission.InputEnds),
            Key = submission.Key,
        };
        for (var i = 0; i < submission.Rules.Count; i++)
        {
            var rule = submission.Rules[i];
            message.InputRuns.Add(new InputRun { Start = rule.Start.Value, Count = (uint)rule.Count, Step = rule.Step, Stride = rule.Stride });
        }

        return message;
    }

    private static Values ToMessage(TaskRun run, in ByteColumn values) => new()
    {
        First = run.First.Value,
        Count = (uint)run.Count,
        Data = Wrap(values.Bytes),
        Ends = Wrap(values.EndsFromZero()),
    };

    private static AcceptedResults ToMessage(ResultsAccepted accepted)
    {
        var message = new AcceptedResults { Values = ToMessage(accepted.Run, accepted.Values), Attempt = accepted.Attempt.Value };
        for (var i = 0; i < accepted.StoredBytes.Count; i++)
        {
            message.StoredBytes.Add((ulong)accepted.StoredBytes[i]);
        }

        return message;
    }

    private static SpentAttempts ToMessage(AttemptsSpent spent) => new()
    {
        Task = spent.Task.Value,
        Last = spent.Last.Value,
        Retried = (uint)spent.Retried,
        Deaths = (uint)spent.Deaths,
        MayHaveBegun = spent.MayHaveBegun,
    };

    private static Function ToMessage(FunctionDefined function) => new()
    {
        Number = (uint)function.Number,
        Descriptor_ = Wrap(function.Descriptor),
        Name = function.Name,
        Bundle = function.Bundle,
    };

    private static ChangedSetup ToMessage(SetupChanged setup) => new()
    {
        Session = setup.Session.Value,
        Setup = new() { Number = (uint)setup.Number, Function = (uint)setup.Function, Arguments = Wrap(setup.Arguments) },
    };

    private static PublishedName ToMessage(NamePublished published)
    {
        var message = new PublishedName { Name = published.Name, Note = Wrap(published.Note) };
        message.Runs.AddRange(published.Runs.Select(static run => run.ToMessage()));
        return message;
    }

    private static RememberedSubmission ToMessage(SubmissionRemembered remembered)
    {
        var message = new RememberedSubmission { Submission = ToMessage(remembered.Submission) };
        message.Parts.AddRange(remembered.Parts.Select(static part => new WirePart
        {
            Run = part.Run.ToMessage(),
            IsLinked = part.IsLinked,
            IsHeld = part.IsHeld,
            IsReleased = part.IsReleased,
            IsScattered = part.IsScattered,
            IsBroken = part.IsBroken,
        }));
        return message;
    }
}
