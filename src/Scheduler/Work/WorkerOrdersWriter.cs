using Google.Protobuf;
using Google.Protobuf.Collections;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>
/// Writes what a worker is ordered into its next message. It remembers which functions the worker has been sent. Payloads are
/// wrapped, not copied: they are the submissions' own memory, which nothing changes.
/// </summary>
internal sealed class WorkerOrdersWriter(FunctionTable functions)
{
    private readonly HashSet<int> _sent = [];

    /// <summary>About how many bytes an action adds to a message, without values: those are counted as they are.</summary>
    public static int BytesOf(in SchedulerAction action) => action.Kind switch
    {
        ActionKind.Assign => 256 + action.Submission!.SharedArguments.Length + (int)(action.Submission.MeanArgumentBytes * action.Run.Count) + (8 * action.Run.Count),
        _ => 64,
    };

    public static int BytesOf(SessionSetup setup) => 64 + setup.Arguments.Length;

    /// <summary>
    /// Whether an action may go into a message beside what is there. What is freed is freed first, so that a copy can be freed and sent
    /// anew in one message; the other way round takes two.
    /// </summary>
    public static bool Fits(WorkerOrders orders, in SchedulerAction action) => action.Kind != ActionKind.Free || orders.KeptValues.Count == 0;

    /// <summary>In parts that fit into a message each, one after the other.</summary>
    public static IEnumerable<KeptValues> KeptValuesOf(in SchedulerAction action, SchedulerCore core)
    {
        var confirm = action.Confirm;
        return ValueParts.Of(action.Run, core).Select(values => new KeptValues { Values = values, Confirm = confirm });
    }

    public void Write(WorkerOrders orders, in SchedulerAction action, SchedulerCore core)
    {
        switch (action.Kind)
        {
            case ActionKind.Assign:
                Define(orders, action.Submission!.Function);
                orders.Assignments.Add(ReadAssignment(action, core));
                break;
            case ActionKind.SendKeptValues:
                orders.KeptValues.Add(KeptValuesOf(action, core));
                break;
            case ActionKind.SendHolders:
                AddHolders(orders.Holders, action.Run, core, isCopied: false);
                break;
            case ActionKind.SendCopies:
                AddHolders(orders.Copies, action.Run, core, isCopied: true);
                break;
            case ActionKind.StopWorker:
                orders.Stop = new WorkerStop { Reason = action.Text ?? "" };
                break;
            case ActionKind.Retract:
                orders.Retract.Add(action.Run.ToMessage(action.Attempt));
                break;
            case ActionKind.Cancel:
                orders.Cancel.Add(action.Run.ToMessage(action.Attempt));
                break;
            case ActionKind.Free:
                orders.Free.Add(action.Run.ToMessage());
                break;
            default:
                throw new InvariantException($"{action.Kind} is not for workers.");
        }
    }

    /// <param name="orders">The message that it goes into.</param>
    /// <param name="setup">What the worker is to run, or to forget.</param>
    /// <param name="mustSucceed">The worker is of no use to the session when it fails: there is nobody who waits for it to succeed here.</param>
    public void Write(WorkerOrders orders, SessionSetup setup, bool mustSucceed)
    {
        if (!setup.IsWithdrawn)
        {
            Define(orders, setup.Function);
        }

        orders.Setups.Add(new WorkerSetup
        {
            Session = setup.Session.Value,
            Number = setup.Number,
            Function = (uint)setup.Function,
            Arguments = setup.Arguments,
            MustSucceed = mustSucceed,
        });
    }

    private void Define(WorkerOrders orders, int function)
    {
        if (_sent.Add(function))
        {
            var (descriptor, name, bundle) = functions[function];
            orders.Functions.Add(new Function { Number = (uint)function, Descriptor_ = descriptor, Name = name, Bundle = bundle });
        }
    }

    private static Assignment ReadAssignment(in SchedulerAction action, SchedulerCore core)
    {
        var submission = action.Submission!;
        var offset = (int)(action.Run.First - submission.First);
        var assignment = new Assignment
        {
            First = action.Run.First.Value,
            Count = (uint)action.Run.Count,
            Attempt = action.Attempt.Value,
            Function = (uint)submission.Function,
            Priority = submission.Options.Priority,
            RunTimeoutMs = (ulong)submission.Options.RunTimeoutMs,
            Keep = action.Keep,
            Store = action.Store,
        };
        if (submission.Arguments.Count > 0)
        {
            var arguments = submission.Arguments.Slice(offset, action.Run.Count);
            assignment.Arguments = UnsafeByteOperations.UnsafeWrap(arguments.Bytes);
            assignment.ArgumentEnds = UnsafeByteOperations.UnsafeWrap(arguments.EndsFromZero());
        }
        else
        {
            assignment.SharedArguments = UnsafeByteOperations.UnsafeWrap(submission.SharedArguments);
        }

        switch (action.Inputs)
        {
            case InputForm.Immediate:
                AddImmediate(assignment, submission, offset, action.Run.Count, core);
                break;
            case InputForm.ById:
                AddById(assignment, submission, offset, action.Run.Count);
                break;
        }

        return assignment;
    }

    private static void AddImmediate(Assignment assignment, Core.Submission submission, int offset, int count, SchedulerCore core)
    {
        var inputs = submission.InputCount(offset);
        var column = new ByteColumnBuilder(count * inputs * 8, count * inputs);
        for (var task = offset; task < offset + count; task++)
        {
            for (var k = 0; k < inputs; k++)
            {
                var found = core.TryGetInlineValue(submission.Input(task, k), out var value);
                Invariant.Require(found, "an immediate input's value is here");
                column.Add(value.Span);
            }
        }

        assignment.InputsPerTask = (uint)inputs;
        assignment.InputData = UnsafeByteOperations.UnsafeWrap(column.Data);
        assignment.InputValueEnds = UnsafeByteOperations.UnsafeWrap(column.Ends);
    }

    private static void AddById(Assignment assignment, Core.Submission submission, int offset, int count)
    {
        foreach (var rule in submission.Rules)
        {
            var shifted = rule.From(offset);
            assignment.InputRuns.Add(new InputRun { Start = shifted.Start.Value, Count = (uint)shifted.Count, Step = shifted.Step, Stride = shifted.Stride });
        }

        var (ids, ends) = submission.InputLists(offset, count);
        assignment.Inputs = UnsafeByteOperations.UnsafeWrap(ids);
        assignment.InputEnds = UnsafeByteOperations.UnsafeWrap(ends);
    }

    private static void AddHolders(RepeatedField<Holders> field, TaskRun run, SchedulerCore core, bool isCopied)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var holders = new Holders { First = (run.First + i).Value, Count = 1, SizeBytes = (ulong)core.StoredBytesOf(run.First + i) };
            holders.Attempt = isCopied ? core.AttemptOf(run.First + i).Value : 0;
            foreach (var holder in core.HoldersOf(run.First + i))
            {
                holders.Addresses.Add(holder.Address);
                holders.Fingerprints.Add(holder.Fingerprint);
            }

            field.Add(holders);
        }
    }
}
