using Google.Protobuf;
using Weft.Primitives;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests.Wire;

public sealed class WorkerOrdersReaderTests
{
    [Fact]
    public void Parts_become_events_in_the_order_in_which_they_take_effect()
    {
        var orders = new V1.WorkerOrders();
        orders.Free.Add(new V1.Run { First = 1, Count = 1 });
        orders.Cancel.Add(new V1.AttemptRun { First = 1, Count = 1, Attempt = 5 });
        orders.Retract.Add(new V1.AttemptRun { First = 1, Count = 2, Attempt = 5 });
        orders.Assignments.Add(new V1.Assignment { First = 7, Count = 3, Attempt = 5, Function = 2 });
        orders.Holders.Add(new V1.Holders { First = 1, Count = 1, SizeBytes = 10, Addresses = { "ada:1" }, Fingerprints = { "ff" } });
        orders.KeptValues.Add(new V1.KeptValues { Values = new V1.Values { First = 3, Count = 1, Data = ByteString.CopyFrom(9), Ends = Words(1) } });

        var events = Read(orders);
        Assert.Equal(
            [typeof(FreeAsked), typeof(ValuesGiven), typeof(HoldersNamed), typeof(TasksAssigned), typeof(RetractAsked), typeof(CancelAsked)],
            events.Select(each => each.GetType()));
        Assert.Equal([new Peer("ada:1", "ff")], ((HoldersNamed)events[2]).Peers);
        Assert.Equal(new AttemptRun(new TaskRun(new TaskId(1), 2), new Attempt(5)), ((RetractAsked)events[4]).Tasks);
    }

    [Fact]
    public void Immediate_inputs_and_arguments_are_found_by_place()
    {
        var orders = new V1.WorkerOrders();
        orders.Assignments.Add(new V1.Assignment
        {
            First = 0,
            Count = 2,
            Attempt = 1,
            Arguments = ByteString.CopyFrom(1, 2, 2),
            ArgumentEnds = Words(1, 3),
            InputsPerTask = 2,
            InputData = ByteString.CopyFrom(1, 2, 3, 4),
            InputValueEnds = Words(1, 2, 3, 4),
        });
        var assignment = ((TasksAssigned)Assert.Single(Read(orders))).Assignment;
        Assert.Equal([2, 2], assignment.ArgumentsOf(1).ToArray());
        Assert.Equal([4], assignment.InputValues[3].ToArray());
        Assert.Null(assignment.Inputs);
    }

    [Fact]
    public void Inputs_by_rule_come_before_a_tasks_own()
    {
        var orders = new V1.WorkerOrders();
        orders.Assignments.Add(new V1.Assignment
        {
            First = 0,
            Count = 2,
            Attempt = 1,
            InputRuns = { new V1.InputRun { Start = 100, Count = 2, Step = 10, Stride = 1 } },
            Inputs = ByteString.CopyFrom(new byte[] { 7, 0, 0, 0, 0, 0, 0, 0 }),
            InputEnds = Words(0, 1),
        });
        var inputs = ((TasksAssigned)Assert.Single(Read(orders))).Assignment.Inputs!;
        Assert.Equal([2, 3], new[] { inputs.CountOf(0), inputs.CountOf(1) });
        Assert.Equal([110UL, 111UL, 7UL], Enumerable.Range(0, 3).Select(input => inputs[1, input].Value));
    }

    [Theory]
    [InlineData("argument_ends", "arguments")]
    [InlineData("run", "assignments")]
    [InlineData("inputs", "inputs")]
    [InlineData("values", "kept_values")]
    [InlineData("free", "free")]
    public void Malformed_parts_are_refused_by_name(string part, string named)
    {
        var orders = new V1.WorkerOrders();
        var assignment = new V1.Assignment { First = 0, Count = 2, Attempt = 1 };
        switch (part)
        {
            case "argument_ends":
                assignment.ArgumentEnds = Words(5, 4);
                break;
            case "run":
                assignment.First = TaskId.SequenceMax;
                break;
            case "inputs":
                assignment.InputEnds = Words(0, 1);
                break;
            case "values":
                orders.KeptValues.Add(new V1.KeptValues());
                break;
            default:
                orders.Free.Add(new V1.Run());
                break;
        }

        orders.Assignments.Add(assignment);
        var refusal = Assert.Throws<InvalidDataException>(() => Read(orders));
        Assert.Contains(named, refusal.Message);
    }

    private static List<WorkerEvent> Read(V1.WorkerOrders orders)
    {
        var events = new List<WorkerEvent>();
        WorkerOrdersReader.Read(orders, events);
        return events;
    }

    private static ByteString Words(params int[] words) => ByteString.CopyFrom([.. words.SelectMany(BitConverter.GetBytes)]);
}
