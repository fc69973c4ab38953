using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;

namespace Weft.Serialization.Tests.Delegates;

public sealed class FunctionDescriberTests
{
    private readonly FunctionDescriber _describer = new(LocalCode.Instance);

    private delegate void ByReference(ref int value);

    private delegate int OnStack(Span<int> values);

    private delegate ref int ReturnsReference(int[] values);

    [Fact]
    public void A_lambda_in_a_loop_is_one_function()
    {
        var made = new List<ShippedFunction>();
        for (var i = 0; i < 3; i++)
        {
            var copy = i;
            made.Add(_describer.Describe((Func<int>)(() => copy)));
        }

        Assert.Same(made[0].Descriptor, made[2].Descriptor);
        Assert.NotSame(made[0].Target, made[2].Target);
    }

    [Fact]
    public void Equal_functions_have_equal_bytes_whoever_describes_them()
    {
        var one = _describer.Describe((Func<int, int>)Double).Descriptor;
        var two = new FunctionDescriber(LocalCode.Instance).Describe((Func<int, int>)Double).Descriptor;
        var other = _describer.Describe((Func<long, long>)Double).Descriptor;

        Assert.Equal(one, two);
        Assert.Equal(one.ToBytes().ToArray(), two.ToBytes().ToArray());
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void A_descriptor_reads_back_as_it_was_written()
    {
        var written = _describer.Describe((Func<string, List<int>, Dictionary<string, int[]>>)Holder<string>.Pair<List<int>>).Descriptor;

        var read = FunctionDescriptor.FromBytes(written.ToBytes().Span);

        Assert.Equal(written, read);
        Assert.Equal(["System.String, System.Private.CoreLib"], read.TypeArguments);
        Assert.Equal(["System.Collections.Generic.List`1[[System.Int32, System.Private.CoreLib]], System.Private.CoreLib"], read.MethodArguments);
        Assert.Equal(((Delegate)Holder<string>.Pair<List<int>>).Method, new FunctionResolver(LocalCode.Instance).Resolve(read));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 9 })]
    [InlineData(new byte[] { 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    public void Bytes_that_describe_no_function_are_refused(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => FunctionDescriptor.FromBytes(bytes));

    [Fact]
    public void Functions_have_the_names_that_their_author_would_use()
    {
        Assert.Equal("Double", Name((Func<int, int>)Double));
        Assert.Equal("lambda in Functions_have_the_names_that_their_author_would_use", Name((Func<int, int>)(x => x)));
        Assert.Equal("Helper", Name((Func<int, int>)Helper));

        static int Helper(int x) => x;

        string Name(Delegate function) => _describer.Describe(function).Descriptor.DisplayName;
    }

    [Fact]
    public void What_a_function_is_called_on_is_told()
    {
        var captured = 1;
        Assert.Equal(TargetShape.None, Shape((Func<int, int>)Double));
        Assert.Equal(TargetShape.Stateless, Shape((Func<int, int>)(x => x)));
        Assert.Equal(TargetShape.Instance, Shape((Func<int, int>)(x => x + captured)));
        Assert.Equal(TargetShape.Instance, Shape((Func<string>)"text".ToUpperInvariant));
        Assert.Equal(TargetShape.FirstArgument, Shape((Func<IEnumerable<int>>)new[] { 1 }.Distinct));

        TargetShape Shape(Delegate function) => _describer.Describe(function).Descriptor.Target;
    }

    [Fact]
    public void What_a_function_returns_is_told()
    {
        Assert.Equal(ReturnShape.Void, Shape((Action)(() => { })));
        Assert.Equal(ReturnShape.Value, Shape((Func<int>)(() => 1)));
        Assert.Equal(ReturnShape.Task, Shape((Func<Task>)(() => Task.CompletedTask)));
        Assert.Equal(ReturnShape.TaskOfValue, Shape((Func<Task<int>>)(() => Task.FromResult(1))));
        Assert.Equal(ReturnShape.ValueTask, Shape((Func<ValueTask>)(() => default)));
        Assert.Equal(ReturnShape.ValueTaskOfValue, Shape((Func<ValueTask<int>>)(() => default)));

        ReturnShape Shape(Delegate function) => _describer.Describe(function).Descriptor.Returns;
    }

    [Fact]
    public void Functions_of_the_framework_go_by_name()
    {
        var abs = _describer.Describe((Func<int, int>)Math.Abs).Descriptor;
        var distinct = _describer.Describe((Func<IEnumerable<int>, IEnumerable<int>>)Enumerable.Distinct).Descriptor;

        Assert.Equal((0, Guid.Empty, "System.Math", "Int32 Abs(Int32)"), (abs.Token, abs.Mvid, abs.DeclaringType, abs.Signature));
        Assert.Equal(((Delegate)(Func<IEnumerable<int>, IEnumerable<int>>)Enumerable.Distinct).Method, new FunctionResolver(LocalCode.Instance).Resolve(distinct));
    }

    [Fact]
    public void Several_methods_in_one_delegate_are_refused() =>
        Refused(
            (Action)Console.WriteLine + Console.Beep,
            "'Console.Beep' cannot be shipped to workers: the delegate combines several methods; call them from one lambda.");

    [Fact]
    public void Compiled_expressions_are_refused()
    {
        Expression<Func<int, int>> expression = x => x + 1;
        var error = Assert.Throws<DelegateNotShippableException>(() => _describer.Describe(expression.Compile()));
        Assert.EndsWith(
            "cannot be shipped to workers: it was compiled at run time (an expression tree or a DynamicMethod) and has no assembly; write it as a method or a lambda.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Dynamic_methods_are_refused()
    {
        var method = new DynamicMethod("Made", typeof(int), []);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        Refused(
            method.CreateDelegate<Func<int>>(),
            "'Made' cannot be shipped to workers: it was compiled at run time (an expression tree or a DynamicMethod) and has no assembly; write it as a method or a lambda.");
    }

    [Fact]
    public void Emitted_assemblies_are_refused_with_their_name()
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Emitted"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("Emitted").DefineType("Maker", TypeAttributes.Public);
        var code = type.DefineMethod("Make", MethodAttributes.Public | MethodAttributes.Static, typeof(int), []).GetILGenerator();
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        Refused(
            type.CreateType().GetMethod("Make")!.CreateDelegate<Func<int>>(),
            "'Maker.Make' cannot be shipped to workers: its assembly 'Emitted' was made with Reflection.Emit and has no file; put the code into a compiled assembly.");
    }

    [Fact]
    public void Parameters_and_results_that_are_references_are_refused()
    {
        Refused((ByReference)Increment, "'FunctionDescriberTests.Increment' cannot be shipped to workers: its parameter 'value' is passed by reference; pass and return values.");
        Refused((OnStack)SumOf, "'FunctionDescriberTests.SumOf' cannot be shipped to workers: its parameter 'values' is of a type that lives on the stack only; take an array instead.");
        Refused((ReturnsReference)First, "'FunctionDescriberTests.First' cannot be shipped to workers: it returns a reference into memory; return a value.");
    }

    [Fact]
    public void A_captured_value_that_cannot_be_written_is_named()
    {
        using var stream = new MemoryStream();
        var function = _describer.Describe((Func<long>)(() => stream.Length));

        var error = Assert.Throws<DelegateNotShippableException>(() => new CallEncoder(function, new ValueSerializer()));

        Assert.StartsWith("'lambda in A_captured_value_that_cannot_be_written_is_named' cannot be shipped to workers: what it captures cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("stream", error.Message, StringComparison.Ordinal);
    }

    private static int Double(int x) => 2 * x;

    private static long Double(long x) => 2 * x;

    private static void Increment(ref int value) => value++;

    private static int SumOf(Span<int> values) => values.Length;

    private static ref int First(int[] values) => ref values[0];

    private void Refused(Delegate function, string message) =>
        Assert.Equal(message, Assert.Throws<DelegateNotShippableException>(() => _describer.Describe(function)).Message);

    private static class Holder<T>
    {
        public static Dictionary<string, int[]> Pair<TOther>(T first, TOther second) => [];
    }
}
