using System.Buffers;
using Weft.Primitives;
using Weft.Serialization;

namespace Weft.Client.Tests.Fakes;

/// <summary>A function as a worker has it.</summary>
internal sealed class FakeFunction
{
    private static readonly ValueSerializer Serializer = MakeSerializer();

    private readonly TaskFunction _function;

    public FakeFunction(ReadOnlySpan<byte> descriptor)
    {
        var described = FunctionDescriptor.FromBytes(descriptor);
        var method = new FunctionResolver(LocalCode.Instance).Resolve(described);
        _function = TaskFunction.Create(method, described.Target, Serializer, new FakeAmbient());
    }

    public static ValueSerializer ValueSerializer => Serializer;

    public CallFailure? Run(FakeCall call)
    {
        using var inside = TaskContext.Create(new TaskContextValues { Key = call.Task.ToString(), WorkerName = "w1", Attempt = 1 }).Enter();
        return _function.RunAsync(call, 0, call).AsTask().GetAwaiter().GetResult();
    }

    private static ValueSerializer MakeSerializer()
    {
        var serializer = new ValueSerializer();
        FutureCodecs.Register(serializer);
        return serializer;
    }

    private sealed class FakeAmbient : IAmbientArguments
    {
        public bool Provides(Type parameterType) => parameterType == typeof(CancellationToken) || parameterType == typeof(TaskContext);

        public T Provide<T>(ICallSource source, int call) =>
            typeof(T) == typeof(CancellationToken) ? (T)(object)CancellationToken.None : (T)(object)TaskContext.Current!;
    }
}

/// <summary>One call, with its inputs and the place of its result.</summary>
internal sealed class FakeCall(TaskId task, byte[] arguments, byte[][] inputs) : ICallSource, IResultSink, IFutureInputs
{
    private readonly ArrayBufferWriter<byte> _result = new();

    public TaskId Task => task;

    public byte[] Result => _result.WrittenSpan.ToArray();

    public object Context => this;

    public ReadOnlySpan<byte> Arguments(int call) => arguments;

    public ReadOnlySpan<byte> Input(int call, int input) => inputs[input];

    public IBufferWriter<byte> Begin(int call) => _result;

    public void End(int call)
    {
    }

    public Future<T> FutureOf<T>(int input) => FutureCodecs.Completed(FakeFunction.ValueSerializer.Read<T>(inputs[input], this), $"input {input}");
}
