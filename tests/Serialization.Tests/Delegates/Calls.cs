using System.Buffers;

namespace Weft.Serialization.Tests.Delegates;

/// <summary>A range of calls and what came of them, in memory.</summary>
internal sealed class Calls(ValueSerializer? serializer = null) : ICallSource, IResultSink, IArgumentColumn
{
    private readonly ArrayBufferWriter<byte> _writer = new();
    private readonly List<byte[]> _arguments = [];
    private readonly Dictionary<(int Call, int Input), byte[]> _inputs = [];
    private readonly ArrayBufferWriter<byte> _result = new();

    public ValueSerializer Serializer { get; } = serializer ?? new ValueSerializer();

    public object? Context => null;

    public SortedDictionary<int, byte[]> Results { get; } = [];

    public List<int> Begun { get; } = [];

    /// <summary>Runs when a call begins.</summary>
    public Action<int> OnBegin { get; set; } = _ => { };

    public int Count => _arguments.Count;

    public IBufferWriter<byte> Writer => _writer;

    public void EndEntry()
    {
        _arguments.Add(_writer.WrittenSpan.ToArray());
        _writer.ResetWrittenCount();
    }

    public byte[] ArgumentBytes(int call) => _arguments[call];

    public void SetInput<T>(int call, int input, T value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Serializer.Write(bytes, value);
        SetInputBytes(call, input, bytes.WrittenMemory);
    }

    public void SetInputBytes(int call, int input, ReadOnlyMemory<byte> bytes) => _inputs[(call, input)] = bytes.ToArray();

    public ReadOnlySpan<byte> Arguments(int call)
    {
        Begun.Add(call);
        OnBegin(call);
        return _arguments[call];
    }

    public ReadOnlySpan<byte> Input(int call, int input) => _inputs[(call, input)];

    public IBufferWriter<byte> Begin(int call)
    {
        _result.ResetWrittenCount();
        return _result;
    }

    public void End(int call) => Results.Add(call, _result.WrittenSpan.ToArray());

    public T Result<T>(int call) => Serializer.Read<T>(Results[call]);

    public object? Result(Type type, int call) => Serializer.Read(type, Results[call]);
}
