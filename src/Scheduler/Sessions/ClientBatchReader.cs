using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;
using CoreOptions = Weft.Scheduler.Core.TaskOptions;
using CoreSubmission = Weft.Scheduler.Core.Submission;

namespace Weft.Scheduler;

/// <summary>
/// Reads one client's batches into events. Everything that a client sent is checked here, once; it knows the client's
/// functions and options by the client's numbers. Not thread safe.
/// </summary>
internal sealed class ClientBatchReader(SessionId session, Func<Function, int> functionNumber)
{
    private readonly Dictionary<uint, int> _functions = [];
    private readonly Dictionary<uint, CoreOptions> _options = new() { [0] = CoreOptions.Default };

    /// <exception cref="ProtocolException">The batch breaks the protocol; the message names the field.</exception>
    public ClientSpoke Read(ClientBatch batch)
    {
        foreach (var function in batch.Functions)
        {
            _functions[function.Number] = functionNumber(function);
        }

        foreach (var options in batch.Options)
        {
            _options[options.Number] = ReadOptions(options);
        }

        return new ClientSpoke(session)
        {
            Scattered = batch.Scattered.Count == 0 ? [] : batch.Scattered.Select(ReadScattered).ToList(),
            Submissions = batch.Submissions.Count == 0 ? [] : batch.Submissions.Select(ReadSubmission).ToList(),
            Wanted = RunReader.Read(batch.Wanted, "wanted"),
            Cancelled = RunReader.Read(batch.Cancelled, "cancelled"),
            Retried = RunReader.Read(batch.Retried, "retried"),
            Released = RunReader.Read(batch.Released, "released"),
            Goodbye = batch.Goodbye,
        };
    }

    /// <summary>The setups of a batch that <see cref="Read"/> has read before. They take effect before its submissions.</summary>
    /// <exception cref="ProtocolException">The batch breaks the protocol; the message names the field.</exception>
    public IReadOnlyList<SessionSetup> ReadSetups(ClientBatch batch) => batch.Setups.Count == 0 ? [] : batch.Setups.Select(ReadSetup).ToArray();

    private SessionSetup ReadSetup(Setup message)
    {
        if (message.Number is 0 or > Limits.SetupsMax)
        {
            throw new ProtocolException($"setups: number {message.Number}; a session has at most {Limits.SetupsMax} worker setups, numbered from 1");
        }

        if (message.Arguments.Length > Limits.ArgumentBytesMax)
        {
            throw new ProtocolException($"setups: arguments of {message.Arguments.Length} bytes; allowed are {Limits.ArgumentBytesMax}");
        }

        var function = 0;
        if (message.Function != 0 && !_functions.TryGetValue(message.Function, out function))
        {
            throw new ProtocolException($"setups: function {message.Function} was not defined");
        }

        return new SessionSetup(session, message.Number, function, message.Arguments);
    }

    private static CoreOptions ReadOptions(Protocol.V1.TaskOptions options) => new()
    {
        Priority = options.Priority,
        Retries = (int)Math.Min(options.Retries, byte.MaxValue),
        Resources = options.Resources.ToAmounts(),
        AllowedWorkers = options.AllowedWorkers.Order(StringComparer.Ordinal).ToArray(),
        Idempotent = !options.NotIdempotent,
        RunTimeoutMs = (long)Math.Min(options.RunTimeoutMs, int.MaxValue),
        QueueTimeoutMs = (long)Math.Min(options.QueueTimeoutMs, int.MaxValue),
    };

    private static ScatteredValues ReadScattered(Scattered scattered)
    {
        var values = scattered.Values ?? throw new ProtocolException("scattered: there are no values");
        var column = new ByteColumn(values.Data.Memory, values.Ends.Memory);
        if (!RunMapping.TryRead(values.First, values.Count, out var run) || !column.IsWellFormed(run.Count))
        {
            throw new ProtocolException("scattered: the ends do not fit the data");
        }

        return new ScatteredValues(run.First, column, (int)Math.Min(scattered.Holders, int.MaxValue));
    }

    private CoreSubmission ReadSubmission(Protocol.V1.Submission message)
    {
        if (!RunMapping.TryRead(message.First, message.Count, out var run))
        {
            throw new ProtocolException($"submission: a run of {message.Count} tasks from {new TaskId(message.First)}; allowed are 1 to {Limits.SubmissionTasksMax} within one session");
        }

        var function = CoreSubmission.NoFunction;
        if (message.Function != 0 && !_functions.TryGetValue(message.Function, out function))
        {
            throw new ProtocolException($"submission {run}: function {message.Function} was not defined");
        }

        if (!_options.TryGetValue(message.Options, out var options))
        {
            throw new ProtocolException($"submission {run}: options {message.Options} were not defined");
        }

        var arguments = new ByteColumn(message.Arguments.Memory, message.ArgumentEnds.Memory);
        if (arguments.Count > 0 && !arguments.IsWellFormed(run.Count))
        {
            throw new ProtocolException($"submission {run}: argument_ends does not fit its arguments");
        }

        var submission = new CoreSubmission
        {
            First = run.First,
            Count = run.Count,
            Function = function,
            Options = options,
            SharedArguments = message.SharedArguments.Memory,
            Arguments = arguments,
            Rules = message.InputRuns.Count == 0 ? [] : message.InputRuns.Select(ReadRule).ToArray(),
            InputIds = message.Inputs.Memory,
            InputEnds = message.InputEnds.Memory,
            Key = message.Key,
        };
        if (submission.FindFault() is { } fault)
        {
            throw new ProtocolException($"submission {run}: {fault}");
        }

        if (function == CoreSubmission.NoFunction && (submission.RuleInputs != 1 || !submission.InputEnds.IsEmpty))
        {
            throw new ProtocolException($"submission {run}: without a function, a task stands for one input, by one rule");
        }

        return submission;
    }

    private static InputRule ReadRule(InputRun run) => run.Count is 0 or > int.MaxValue
        ? throw new ProtocolException($"submission: an input rule of {run.Count} inputs")
        : new InputRule(new TaskId(run.Start), (int)run.Count, run.Step, run.Stride);
}
