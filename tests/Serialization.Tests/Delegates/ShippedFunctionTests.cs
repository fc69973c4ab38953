namespace Weft.Serialization.Tests.Delegates;

public sealed class ShippedFunctionTests : IDisposable
{
    private readonly Roundtrip _roundtrip = new();

    public static TheoryData<string, int, int> FunctionsOfOneNumber => new()
    {
        { "StaticMethod", 7, 49 },
        { "Lambda", 7, 8 },
        { "FromLibrary", 100, 110 },
        { "Generic", 5, 5 },
        { "Async", 6, 36 },
        { "AsyncValue", 6, 18 },
    };

    [Theory]
    [MemberData(nameof(FunctionsOfOneNumber))]
    public void Every_kind_of_method_runs_on_the_worker(string member, int argument, int expected) =>
        Assert.Equal(expected, _roundtrip.Run(Function(member), argument).Result<int>(0));

    [Fact]
    public void Closures_carry_what_they_captured()
    {
        Assert.Equal(42, _roundtrip.Run(Function("Closure", 2), 40).Result<int>(0));
        Assert.Equal(111, _roundtrip.Run(Function("NestedScopes", 100), 10).Result<int>(0));
        Assert.Equal(30, _roundtrip.Run(Function("LocalFunction"), 10).Result<int>(0));
    }

    [Fact]
    public void Captured_delegates_travel_with_their_own_targets()
    {
        var composed = Function("Composed", Function("Closure", 3), Function("StaticMethod"));

        Assert.Equal(169, _roundtrip.Run(composed, 10).Result<int>(0));
    }

    [Fact]
    public void A_lambda_that_calls_itself_through_its_closure_still_does() =>
        Assert.Equal(3_628_800, _roundtrip.Run(Function("Recursive"), 10).Result<long>(0));

    [Fact]
    public void Methods_of_objects_and_structs_carry_their_object()
    {
        Assert.Equal(60, _roundtrip.Run(Function("InstanceMethod", 6), 10).Result<int>(0));
        Assert.Equal(13, _roundtrip.Run(Function("StructMethod", 3), 10).Result<int>(0));
    }

    [Fact]
    public void A_bound_extension_method_carries_its_first_argument() =>
        Assert.Equal("GOGO", _roundtrip.Run(Function("BoundExtension"), 2).Result<string>(0));

    [Fact]
    public void Generic_methods_of_generic_types_are_closed_again() =>
        Assert.Equal(["1", "2"], _roundtrip.Run<int[]>(Function("GenericInGeneric"), [1, 2]).Result<List<string>>(0));

    [Fact]
    public void Generic_arguments_may_be_the_programs_own_types()
    {
        var order = _roundtrip.Fixture.Program.GetType("ShippedProgram.Order")!;
        var function = _roundtrip.Fixture.Program.GetType("ShippedProgram.Functions")!
            .GetMethod("CountOf")!.MakeGenericMethod(order).CreateDelegate(typeof(Func<,>).MakeGenericType(order.MakeArrayType(), typeof(int)));
        var (task, calls) = _roundtrip.Ship(function);
        var call = _roundtrip.EncoderOf(function).Begin(calls.Writer, 1);
        call.Argument(order.MakeArrayType(), Array.CreateInstance(order, 3));
        call.Complete();
        calls.EndEntry();

        Assert.Null(task.RunRange(calls, 0, 1, calls, new StopSignal()).Failure);
        Assert.Equal(3, calls.Result<int>(0));
    }

    [Fact]
    public void A_function_that_a_task_returns_is_one_of_the_same_bundle()
    {
        var calls = _roundtrip.Run(Function("MakesFunction"), 5);

        var returned = _roundtrip.Read<Func<int, int>>(calls.Results[0]);

        Assert.Equal(12, returned(7));
        Assert.Equal(_roundtrip.Fixture.Program.ManifestModule.ModuleVersionId, returned.Method.Module.ModuleVersionId);
    }

    [Fact]
    public void Functions_without_a_result_write_nil()
    {
        Assert.Equal([0xC0], _roundtrip.Run(Function("Nothing"), 1).Results[0]);
        Assert.Equal([0xC0], _roundtrip.Run(Function("AsyncWithoutResult"), 1).Results[0]);
    }

    [Fact]
    public void Functions_of_nine_parameters_run_without_a_typed_loop()
    {
        var (task, calls) = _roundtrip.Ship(Function("Nine"));
        var call = _roundtrip.EncoderOf(Function("Nine")).Begin(calls.Writer, 9);
        for (var i = 1; i <= 9; i++)
        {
            call.Argument(i);
        }

        call.Complete();
        calls.EndEntry();

        var outcome = task.RunRange(calls, 0, 1, calls, new StopSignal());

        Assert.Null(outcome.Failure);
        Assert.Equal(45, calls.Result<int>(0));
    }

    [Fact]
    public void A_cancellation_token_comes_from_the_worker() =>
        Assert.True(_roundtrip.Run(Function("Cancellable"), 1).Result<bool>(0));

    [Fact]
    public void Types_of_the_program_are_those_of_the_bundle_on_the_worker()
    {
        var calls = _roundtrip.Run(Function("MakesOrder"), 3);
        var type = _roundtrip.Worker.ResolveType("ShippedProgram.Order, ShippedProgram")!;

        Assert.Equal("Order { Article = pears, Count = 3 }", calls.Result(type, 0)!.ToString());

        var order = Activator.CreateInstance(_roundtrip.Fixture.Program.GetType("ShippedProgram.Order")!, "plums", 8)!;
        var (task, taking) = _roundtrip.Ship(Function("TakesOrder"));
        var call = _roundtrip.EncoderOf(Function("TakesOrder")).Begin(taking.Writer, 1);
        call.Argument(order.GetType(), order);
        call.Complete();
        taking.EndEntry();
        task.RunRange(taking, 0, 1, taking, new StopSignal());

        Assert.Equal(8, taking.Result<int>(0));
    }

    [Fact]
    public void Remote_stacks_have_the_lines_of_the_program()
    {
        _roundtrip.Run(Function("Failing"), 5);

        var failure = Assert.NotNull(_roundtrip.Outcome.Failure);
        Assert.Equal(CallStage.Function, failure.Stage);
        var encoded = ExceptionEncoder.Encode(failure.Exception, new ValueSerializer());
        Assert.Matches(@"^   at ShippedProgram\.Functions\.Fail\(Int32 x\) in .*Functions\.cs:line \d+$", encoded.StackTrace);
    }

    [Fact]
    public void The_users_own_exception_comes_back_as_the_clients_own_type()
    {
        _roundtrip.Run(Function("FailingAsOwn"), 5);
        var encoded = ExceptionEncoder.Encode(_roundtrip.Outcome.Failure!.Value.Exception, new ValueSerializer());
        var own = _roundtrip.Fixture.Program.GetType("ShippedProgram.OutOfStockException")!;

        var decoded = ExceptionDecoder.Decode(encoded, new ValueSerializer { TypeResolver = name => name == TypeNames.Of(own) ? own : null });

        Assert.IsType(own, decoded);
        Assert.Equal("5 apples are missing", decoded.Message);
        Assert.Equal(5, own.GetProperty("Missing")!.GetValue(decoded));
        Assert.Equal("apples", own.GetProperty("Article")!.GetValue(decoded));
        Assert.Contains("Functions.cs:line", decoded.StackTrace, StringComparison.Ordinal);
    }

    public void Dispose() => _roundtrip.Dispose();

    private Delegate Function(string member, params object[] arguments) => _roundtrip.Fixture.Function(member, arguments);
}
