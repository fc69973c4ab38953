using Google.Protobuf;
using Weft.Client.Core;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Client;

/// <summary>
/// What the core sends, as messages. Columns are wrapped, not copied: a message must have been written out before its
/// batch is filled again, and the submissions in it are not changed once they have been taken.
/// </summary>
internal static class ClientBatchWriter
{
    public static V1.ClientBatch Write(OutgoingBatch batch)
    {
        var message = new V1.ClientBatch { Goodbye = batch.Goodbye };
        foreach (var (number, function) in batch.Functions)
        {
            message.Functions.Add(new V1.Function
            {
                Number = number,
                Descriptor_ = Wrap(function.Descriptor),
                Name = function.Name,
                Bundle = function.Bundle,
            });
        }

        foreach (var (number, options) in batch.Options)
        {
            message.Options.Add(Write(number, options));
        }

        foreach (var (number, function, arguments) in batch.Setups)
        {
            message.Setups.Add(new V1.Setup { Number = number, Function = function, Arguments = Wrap(arguments) });
        }

        foreach (var entry in batch.Scattered)
        {
            message.Scattered.Add(new V1.Scattered
            {
                Values = new V1.Values
                {
                    First = entry.First.Value,
                    Count = (uint)entry.Count,
                    Data = Wrap(entry.Column.Data),
                    Ends = Wrap(entry.Column.Ends),
                },
                Holders = (uint)entry.Holders,
            });
        }

        foreach (var submission in batch.Submissions)
        {
            message.Submissions.Add(Write(submission));
        }

        Write(batch.Wanted, message.Wanted);
        Write(batch.Cancelled, message.Cancelled);
        Write(batch.Retried, message.Retried);
        Write(batch.Released, message.Released);
        return message;
    }

    public static V1.ClientBatch Hello(SessionCore core, string clientName, string weftVersion, bool followLogs)
    {
        var (session, key) = core.Resume;
        return new V1.ClientBatch
        {
            Hello = new V1.ClientHello
            {
                ProtocolMajor = Limits.ProtocolMajor,
                ClientName = clientName,
                WeftVersion = weftVersion,
                ResumeSession = session.Value,
                ResumeKey = Wrap(key),
                FollowLogs = followLogs,
            },
        };
    }

    private static V1.TaskOptions Write(uint number, SubmissionOptions options)
    {
        var message = new V1.TaskOptions
        {
            Number = number,
            Priority = options.Priority,
            Retries = (uint)options.Retries,
            NotIdempotent = options.NotIdempotent,
            RunTimeoutMs = (ulong)options.RunTimeoutMs,
            QueueTimeoutMs = (ulong)options.QueueTimeoutMs,
        };
        options.Resources.AddTo(message.Resources);
        message.AllowedWorkers.AddRange(options.AllowedWorkers);
        return message;
    }

    private static V1.Submission Write(OutgoingSubmission submission)
    {
        var entry = submission.Entry;
        var message = new V1.Submission
        {
            First = entry.First.Value,
            Count = (uint)entry.Count,
            Function = submission.Function,
            Options = submission.Options,
            SharedArguments = Wrap(entry.SharedArguments),
            Arguments = Wrap(entry.Column.Data),
            ArgumentEnds = Wrap(entry.Column.Ends),
            Inputs = Wrap(entry.Inputs),
            InputEnds = Wrap(entry.InputEnds),
            Key = entry.KeyStem,
        };
        foreach (var rule in entry.InputRules.Span)
        {
            message.InputRuns.Add(new V1.InputRun
            {
                Start = rule.Start.Value,
                Count = (uint)rule.Count,
                Step = rule.Step,
                Stride = rule.Stride,
            });
        }

        return message;
    }

    private static void Write(RunList runs, Google.Protobuf.Collections.RepeatedField<V1.Run> messages)
    {
        foreach (var run in runs)
        {
            messages.Add(run.ToMessage());
        }
    }

    private static ByteString Wrap(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(bytes);
}
