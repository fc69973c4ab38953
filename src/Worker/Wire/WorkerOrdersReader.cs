using Google.Protobuf;
using Weft.Primitives;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>
/// The scheduler's orders as events of the worker's core, in the order in which they take effect. Pure. What it hands on is well formed:
/// a core never sees a column that does not fit, or a run that leaves its session.
/// </summary>
public static class WorkerOrdersReader
{
    /// <exception cref="InvalidDataException">A part of the message is malformed; its field is named. The connection is not to be used any more.</exception>
    public static void Read(V1.WorkerOrders orders, List<WorkerEvent> events)
    {
        foreach (var run in orders.Free)
        {
            events.Add(new FreeAsked(ReadRun(run.First, run.Count, "free")));
        }

        foreach (var kept in orders.KeptValues)
        {
            events.Add(ReadValues(kept.Values ?? throw Malformed("kept_values"), kept.Confirm));
        }

        foreach (var holders in orders.Holders)
        {
            events.Add(ReadHolders(holders));
        }

        foreach (var copies in orders.Copies)
        {
            events.Add(new CopiesAsked(ReadHolders(copies), new Attempt(copies.Attempt)));
        }

        foreach (var assignment in orders.Assignments)
        {
            events.Add(new TasksAssigned(ReadAssignment(assignment)));
        }

        foreach (var run in orders.Retract)
        {
            events.Add(new RetractAsked(ReadAttempts(run, "retract")));
        }

        foreach (var run in orders.Cancel)
        {
            events.Add(new CancelAsked(ReadAttempts(run, "cancel")));
        }
    }

    private static ValuesGiven ReadValues(V1.Values values, bool confirm)
    {
        var run = ReadRun(values.First, values.Count, "kept_values");
        return new ValuesGiven(run, ReadColumn(values.Data, values.Ends, run.Count, "kept_values"), confirm);
    }

    private static HoldersNamed ReadHolders(V1.Holders holders)
    {
        if (holders.Fingerprints.Count != 0 && holders.Fingerprints.Count != holders.Addresses.Count)
        {
            throw Malformed("holders.fingerprints");
        }

        var peers = new Peer[holders.Addresses.Count];
        for (var place = 0; place < peers.Length; place++)
        {
            peers[place] = new Peer(holders.Addresses[place], holders.Fingerprints.Count == 0 ? "" : holders.Fingerprints[place]);
        }

        return new HoldersNamed(ReadRun(holders.First, holders.Count, "holders"), (long)Math.Min(holders.SizeBytes, long.MaxValue), peers);
    }

    private static Assignment ReadAssignment(V1.Assignment message)
    {
        var run = ReadRun(message.First, message.Count, "assignments");
        var perTask = message.InputsPerTask;
        if (perTask * (ulong)run.Count > int.MaxValue)
        {
            throw Malformed("assignments.inputs_per_task");
        }

        return new Assignment
        {
            Run = run,
            Attempt = new Attempt(message.Attempt),
            Function = message.Function,
            Priority = message.Priority,
            RunTimeoutMs = (long)Math.Min(message.RunTimeoutMs, long.MaxValue),
            Keep = message.Keep,
            Store = message.Store,
            SharedArguments = message.SharedArguments.Memory,
            Arguments = message.ArgumentEnds.IsEmpty
                ? default
                : ReadColumn(message.Arguments, message.ArgumentEnds, run.Count, "assignments.arguments"),
            InputsPerTask = (int)perTask,
            InputValues = perTask == 0
                ? default
                : ReadColumn(message.InputData, message.InputValueEnds, run.Count * (int)perTask, "assignments.input_data"),
            Inputs = ReadInputs(message, run.Count),
        };
    }

    private static InputIds? ReadInputs(V1.Assignment message, int tasks)
    {
        if (message.InputRuns.Count == 0 && message.InputEnds.IsEmpty)
        {
            return null;
        }

        var rules = new InputRule[message.InputRuns.Count];
        for (var place = 0; place < rules.Length; place++)
        {
            var run = message.InputRuns[place];
            rules[place] = new InputRule(new TaskId(run.Start), (int)Math.Min(run.Count, int.MaxValue), run.Step, run.Stride);
        }

        return InputIds.IsWellFormed(rules, message.Inputs.Memory, message.InputEnds.Memory, tasks)
            ? new InputIds(rules, message.Inputs.Memory, message.InputEnds.Memory)
            : throw Malformed("assignments.inputs");
    }

    private static ByteColumn ReadColumn(ByteString data, ByteString ends, int count, string field)
    {
        var column = new ByteColumn(data.Memory, ends.Memory);
        return column.IsWellFormed(count) ? column : throw Malformed(field);
    }

    private static AttemptRun ReadAttempts(V1.AttemptRun message, string field) =>
        new(ReadRun(message.First, message.Count, field), new Attempt(message.Attempt));

    private static TaskRun ReadRun(ulong first, uint count, string field)
    {
        var id = new TaskId(first);
        return count is > 0 and <= int.MaxValue && id.Sequence + count - 1 <= TaskId.SequenceMax
            ? new TaskRun(id, (int)count)
            : throw Malformed(field);
    }

    private static InvalidDataException Malformed(string field) => new($"The scheduler's orders are malformed: {field}.");
}
