using System.Collections.Immutable;

namespace Weft.Serialization.Tests.Delegates;

public sealed class TaskFunctionTests
{
    private readonly Calls _calls = new();

    [Fact]
    public void A_range_stops_at_the_call_that_throws_and_goes_on_after_it()
    {
        var function = Encode((Func<int, int>)HalfOfEven, 2, 4, 5, 6);

        var outcome = function.RunRange(_calls, 0, 4, _calls, new StopSignal());
        var rest = function.RunRange(_calls, outcome.Next + 1, 4, _calls, new StopSignal());

        Assert.Equal(2, outcome.Next);
        Assert.Equal(CallStage.Function, outcome.Failure!.Value.Stage);
        Assert.Equal("5 is odd", outcome.Failure!.Value.Exception.Message);
        Assert.Equal(new RangeOutcome(4, null), rest);
        Assert.Equal([0, 1, 3], _calls.Results.Keys);
        Assert.Equal(3, _calls.Result<int>(3));
    }

    [Fact]
    public void A_sub_range_runs_only_its_own_calls()
    {
        var function = Encode((Func<int, int>)HalfOfEven, 2, 4, 6, 8);

        Assert.Equal(new RangeOutcome(3, null), function.RunRange(_calls, 1, 3, _calls, new StopSignal()));
        Assert.Equal([1, 2], _calls.Begun);
    }

    [Fact]
    public void A_range_that_is_asked_to_stop_ends_before_its_next_call()
    {
        var function = Encode((Func<int, int>)HalfOfEven, 2, 4, 6, 8);
        var stop = new StopSignal();
        _calls.OnBegin = call =>
        {
            if (call == 1)
            {
                stop.Request();
            }
        };

        Assert.Equal(new RangeOutcome(2, null), function.RunRange(_calls, 0, 4, _calls, stop));
    }

    [Fact]
    public void Arguments_that_cannot_be_read_are_told_apart_from_the_users_failures()
    {
        var function = Encode<string>((Func<int, int>)HalfOfEven, "four");

        var failure = function.RunRange(_calls, 0, 1, _calls, new StopSignal()).Failure!.Value;

        Assert.Equal(CallStage.Arguments, failure.Stage);
        Assert.IsType<ValueSerializationException>(failure.Exception);
    }

    [Fact]
    public void Calls_with_too_few_arguments_are_refused()
    {
        var function = Encode((Func<int, int, int>)Math.Max, 4);

        var failure = function.RunRange(_calls, 0, 1, _calls, new StopSignal()).Failure!.Value;

        Assert.Equal((CallStage.Arguments, "A call brings 1 arguments and its function takes 2."), (failure.Stage, failure.Exception.Message));
    }

    [Fact]
    public void Results_that_cannot_be_written_are_told_apart_from_the_users_failures()
    {
        var function = Encode((Func<int, Stream>)(_ => new MemoryStream()), 1);

        Assert.Equal(CallStage.Result, function.RunRange(_calls, 0, 1, _calls, new StopSignal()).Failure!.Value.Stage);
    }

    [Fact]
    public void An_input_stands_in_for_a_value()
    {
        var function = FunctionOf((Func<int, int, int>)Math.Max);
        _calls.SetInput(0, 3, 77);
        Begin((Func<int, int, int>)Math.Max, 2, (ref CallWriter call) =>
        {
            call.Argument(5);
            call.Input(3);
        });

        function.RunRange(_calls, 0, 1, _calls, new StopSignal());

        Assert.Equal(77, _calls.Result<int>(0));
    }

    public static TheoryData<Delegate> FunctionsOfLists => new()
    {
        (Func<int[], int>)(list => list.Sum()),
        (Func<List<int>, int>)(list => list.Sum()),
        (Func<IReadOnlyList<int>, int>)(list => list.Sum()),
        (Func<IReadOnlyCollection<int>, int>)(list => list.Sum()),
        (Func<IEnumerable<int>, int>)(list => list.Sum()),
        (Func<ImmutableArray<int>, int>)(list => list.Sum()),
        (Func<IList<int>, int>)(list => AddOneAndSum(list)),
        (Func<ICollection<int>, int>)(list => AddOneAndSum(list)),
    };

    [Theory]
    [MemberData(nameof(FunctionsOfLists))]
    public void A_list_of_inputs_stands_in_for_any_kind_of_list(Delegate sum)
    {
        var function = FunctionOf(sum);
        _calls.SetInput(0, 1, 10);
        _calls.SetInput(0, 2, 20);
        _calls.SetInput(0, 3, 30);
        Begin(sum, 1, (ref CallWriter call) => call.Inputs(1, 3));

        var outcome = function.RunRange(_calls, 0, 1, _calls, new StopSignal());

        Assert.Null(outcome.Failure);
        Assert.InRange(_calls.Result<int>(0), 60, 61);
    }

    [Fact]
    public void Ambient_parameters_are_filled_in_for_each_call_and_are_not_on_the_wire()
    {
        var function = Encode((Func<CallNumber, int, CancellationToken, string>)((number, x, token) => $"{number.Value}:{x}:{token.CanBeCanceled}"), 8, 9);

        function.RunRange(_calls, 0, 2, _calls, new StopSignal());

        Assert.Equal("1:9:True", _calls.Result<string>(1));
    }

    [Fact]
    public void Calls_on_equal_targets_share_one_object_within_a_range()
    {
        var count = 0;
        Func<int, int> counts = x => x + ++count;
        var function = Encode(counts, 10, 20, 30);

        function.RunRange(_calls, 0, 3, _calls, new StopSignal());
        Assert.Equal([11, 22, 33], Enumerable.Range(0, 3).Select(_calls.Result<int>));

        _calls.Results.Clear();
        function.RunRange(_calls, 0, 1, _calls, new StopSignal());
        Assert.Equal(11, _calls.Result<int>(0));
        Assert.Equal(0, count);
    }

    [Fact]
    public void Calls_on_different_targets_are_each_called_on_their_own()
    {
        var function = FunctionOf(Adder(1));
        foreach (var addend in new[] { 1, 2, 2, 1 })
        {
            Begin(Adder(addend), 1, (ref CallWriter call) => call.Argument(100));
        }

        function.RunRange(_calls, 0, 4, _calls, new StopSignal());

        Assert.Equal([101, 102, 102, 101], Enumerable.Range(0, 4).Select(_calls.Result<int>));
    }

    [Fact]
    public void A_large_target_can_be_an_input()
    {
        var function = FunctionOf(Adder(5));
        var described = Describe(Adder(5));
        var encoder = new CallEncoder(described, _calls.Serializer);
        var column = _calls;
        encoder.WithTargetAsInput(0).EncodeRange<int, Calls>([1, 2], ref column);
        _calls.SetInputBytes(0, 0, encoder.Target);
        _calls.SetInputBytes(1, 0, encoder.Target);

        function.RunRange(_calls, 0, 2, _calls, new StopSignal());

        Assert.Equal([6, 7], Enumerable.Range(0, 2).Select(_calls.Result<int>));
    }

    [Fact]
    public async Task An_async_function_completes_when_its_task_does()
    {
        var gate = new TaskCompletionSource<int>();
        Gates.Current = gate;
        var function = Encode((Func<int, Task<int>>)Gates.WaitAsync, 1);

        var running = function.RunAsync(_calls, 0, _calls);
        Assert.False(running.IsCompleted);
        Assert.Empty(_calls.Results);
        gate.SetResult(41);

        Assert.Null(await running);
        Assert.Equal(42, _calls.Result<int>(0));
        Assert.True(function.IsAsync);
    }

    [Fact]
    public async Task An_async_function_that_fails_says_why()
    {
        var function = Encode((Func<int, Task<int>>)(async x =>
        {
            await Task.Yield();
            throw new InvalidOperationException($"no {x}");
        }), 1);

        var failure = await function.RunAsync(_calls, 0, _calls);

        Assert.Equal((CallStage.Function, "no 1"), (failure!.Value.Stage, failure.Value.Exception.Message));
    }

    [Fact]
    public void A_range_of_synchronous_calls_allocates_nothing_per_call()
    {
        var function = Encode((Func<int, int>)HalfOfEven, [.. Enumerable.Repeat(2, 1000)]);
        var sink = new ForgetfulSink(_calls);
        function.RunRange(sink, 0, 1000, sink, new StopSignal());

        var before = GC.GetAllocatedBytesForCurrentThread();
        function.RunRange(sink, 0, 1000, sink, new StopSignal());
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.InRange(after - before, 0, 500);
    }

    private static int HalfOfEven(int x) => x % 2 == 0 ? x / 2 : throw new ArgumentException($"{x} is odd");

    private static Func<int, int> Adder(int addend) => x => x + addend;

    private static int AddOneAndSum(ICollection<int> list)
    {
        list.Add(1);
        return list.Sum();
    }

    private static ShippedFunction Describe(Delegate function) => new FunctionDescriber(LocalCode.Instance).Describe(function);

    private TaskFunction FunctionOf(Delegate function)
    {
        var descriptor = Describe(function).Descriptor;
        return TaskFunction.Create(new FunctionResolver(LocalCode.Instance).Resolve(descriptor), descriptor.Target, _calls.Serializer, new Ambient());
    }

    private TaskFunction Encode<T>(Delegate function, params T[] arguments)
    {
        var column = _calls;
        new CallEncoder(Describe(function), _calls.Serializer).EncodeRange(arguments.AsSpan(), ref column);
        return FunctionOf(function);
    }

    private delegate void WriteArguments(ref CallWriter call);

    private void Begin(Delegate function, int argumentCount, WriteArguments write)
    {
        var call = new CallEncoder(Describe(function), _calls.Serializer).Begin(_calls.Writer, argumentCount);
        write(ref call);
        call.Complete();
        _calls.EndEntry();
    }

    private static class Gates
    {
        public static TaskCompletionSource<int> Current { get; set; } = new();

        public static async Task<int> WaitAsync(int more) => await Current.Task + more;
    }
}
