using Weft.Primitives;
using Weft.Worker.Tests.Kit;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests;

public sealed class RunTests
{
    private static int Square(int value) => value * value;

    private static int Increment(int value) => value + 1;

    private static int Add(int left, int right) => left + right;

    private static int Odd(int value) => value % 2 == 1 ? value : throw new ArgumentException($"{value} is even");

    private static string Text(int length) => new('x', length);

    private static object Unwritable() => new Thread(() => { });

    private static async Task<int> DoubleAsync(int value)
    {
        var before = Environment.CurrentManagedThreadId;
        await Task.Yield();
        Assert.Equal(before, Environment.CurrentManagedThreadId);
        Assert.StartsWith("weft-slot-", Thread.CurrentThread.Name);
        await Task.Delay(1);
        return 2 * value;
    }

    [Fact]
    public async Task A_range_runs_and_its_values_come_back()
    {
        await using var worker = await WorkerFixture.StartAsync(slots: 2);
        await worker.DefineAsync(Calls.Function(1, Square));
        await worker.SendAsync(Calls.Map(1000, 1, Square, [.. Enumerable.Range(0, 10_000)]));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 10_000);
        Assert.All(worker.Stream.Values, value => Assert.Equal(Square((int)value.Key - 1000), Calls.Read<int>(value.Value)));
        Assert.True(worker.Stream.Batches.Sum(batch => batch.Completed.Count) < 2000, "completions come in runs");
    }

    [Fact]
    public async Task Failing_members_fail_alone()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Odd));
        await worker.SendAsync(Calls.Map(0, 1, Odd, [.. Enumerable.Range(0, 100)]));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 50 && worker.Stream.Failed.Count == 50);
        var error = worker.Stream.Failed[4];
        Assert.Equal(ErrorKind.UserException, error.Kind);
        Assert.Equal(new TaskId(4), error.Origin);
        Assert.Equal("4 is even", error.Message);
        Assert.StartsWith(typeof(ArgumentException).FullName!, error.TypeName);
        Assert.Contains(nameof(Odd), error.StackTrace);
    }

    [Fact]
    public async Task A_chain_handed_ahead_runs_in_order_and_ends_with_the_right_value()
    {
        const int Links = 1000;
        await using var worker = await WorkerFixture.StartAsync(slots: 2);
        await worker.DefineAsync(Calls.Function(1, Increment));
        var first = Calls.Map(0, 1, Increment, 0);
        first.Keep = true;
        var orders = new V1.WorkerOrders { Assignments = { first } };
        for (ulong link = 1; link < Links; link++)
        {
            var assignment = Calls.OfInputs(link, 1, 1, Increment, Calls.Elementwise(link - 1));
            assignment.Keep = true;
            orders.Assignments.Add(assignment);
        }

        await worker.Stream.SendAsync(orders);
        await worker.Stream.Until(() => worker.Stream.Values.Count == Links);
        Assert.Equal(Links, Calls.Read<int>(worker.Stream.Values[Links - 1]));
        Assert.Equal(Enumerable.Range(0, Links).Select(link => (ulong)link), worker.Stream.Order);
        Assert.Empty(worker.Stream.Missing);
    }

    [Fact]
    public async Task Small_results_stay_where_they_were_made_when_the_scheduler_wants_no_more_of_them()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Square));
        await worker.DefineAsync(Calls.Function(2, Add));
        var squares = Calls.Map(0, 1, Square, [.. Enumerable.Range(0, 100)]);
        squares.Store = true;
        await worker.SendAsync(squares);
        await worker.Stream.Until(() => worker.Stream.Batches.SelectMany(batch => batch.Completed).Sum(completed => completed.StoredBytes.Count) == 100);
        Assert.Empty(worker.Stream.Values);

        await worker.SendAsync(Calls.OfInputs(200, 1, 2, Add, new V1.InputRun { Start = 3, Count = 2, Stride = 1 }));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 1);
        Assert.Equal(25, Calls.Read<int>(worker.Stream.Values[200]));
    }

    [Fact]
    public async Task Immediate_inputs_are_arguments()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Add));
        var call = Calls.OfInputs(0, 2, 1, Add, new V1.InputRun { Start = 0, Count = 2 });
        call.InputRuns.Clear();
        var values = Calls.Values(0, 1, 2, 30, 40);
        call.InputsPerTask = 2;
        call.InputData = values.Data;
        call.InputValueEnds = values.Ends;
        await worker.SendAsync(call);
        await worker.Stream.Until(() => worker.Stream.Values.Count == 2);
        Assert.Equal([3, 70], new[] { 0UL, 1UL }.Select(id => Calls.Read<int>(worker.Stream.Values[id])));
    }

    [Fact]
    public async Task Kept_values_are_inputs_until_they_are_freed()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Add));
        await worker.Stream.SendAsync(new V1.WorkerOrders
        {
            KeptValues = { new V1.KeptValues { Values = Calls.Values(100, 7) } },
            Assignments = { Calls.OfInputs(0, 3, 1, Add, new V1.InputRun { Start = 100, Count = 2, Stride = 0 }) },
        });
        await worker.Stream.Until(() => worker.Stream.Values.Count == 3);
        await worker.Stream.SendAsync(new V1.WorkerOrders { Free = { new V1.Run { First = 100, Count = 1 } } });
        await worker.SendAsync(Calls.OfInputs(10, 1, 1, Add, new V1.InputRun { Start = 100, Count = 2, Stride = 0 }));
        await worker.Stream.Until(() => worker.Stream.Missing.Count == 1);
        Assert.Equal(14, Calls.Read<int>(worker.Stream.Values[2]));
    }

    [Fact]
    public async Task Large_results_stay_and_small_ones_among_them_travel()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Text));
        await worker.SendAsync(Calls.Map(0, 1, Text, 10, 5000, 20, 300_000, 4_000_000, 30));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 3 && worker.Stream.Stored.Count == 3);
        Assert.Equal(Text(20), Calls.Read<string>(worker.Stream.Values[2]));
        Assert.InRange(worker.Stream.Stored[4], 4_000_000UL, 4_000_100UL);
        Assert.Equal([0, 1, 2, 3, 4, 5], worker.Stream.Order);
    }

    [Fact]
    public async Task Async_functions_go_on_where_they_began()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, DoubleAsync));
        await worker.SendAsync(Calls.Map(0, 1, DoubleAsync, [.. Enumerable.Range(0, 20)]));
        await worker.Stream.Until(() => worker.Stream.Values.Count + worker.Stream.Failed.Count == 20);
        Assert.Empty(worker.Stream.Failed);
        Assert.Equal(38, Calls.Read<int>(worker.Stream.Values[19]));
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_is_an_error_of_serialization()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Unwritable));
        await worker.SendAsync(Calls.NoArguments(0, 1, 1, Unwritable));
        await worker.Stream.Until(() => worker.Stream.Failed.Count == 1);
        Assert.Equal(ErrorKind.Serialization, worker.Stream.Failed[0].Kind);
        Assert.Contains("result could not be written", worker.Stream.Failed[0].Message);
    }

    [Fact]
    public async Task A_function_that_cannot_be_found_fails_its_tasks_and_not_the_worker()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(new V1.Function { Number = 1, Name = "Nothing", Descriptor_ = Google.Protobuf.ByteString.CopyFrom(1, 2, 3) }, Calls.Function(2, Square));
        await worker.SendAsync(Calls.Map(0, 1, Square, 1, 2), Calls.Map(10, 2, Square, 3), Calls.Map(20, 3, Square, 3));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 1 && worker.Stream.Failed.Count == 3);
        Assert.All(worker.Stream.Failed.Values, error => Assert.Equal(ErrorKind.Serialization, error.Kind));
        Assert.Contains("'Nothing' cannot be loaded", worker.Stream.Failed[0].Message);
        Assert.Contains("not defined the function 3", worker.Stream.Failed[20].Message);
    }
}
