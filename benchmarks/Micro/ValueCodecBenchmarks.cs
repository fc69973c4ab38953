using System.Buffers;
using BenchmarkDotNet.Attributes;
using Weft.Serialization;

namespace Weft.Micro;

/// <summary>Values to bytes and back, a thousand at a time; figures are for one.</summary>
[MemoryDiagnoser]
public class ValueCodecBenchmarks
{
    private const int Values = 1000;

    private readonly ValueSerializer _serializer = new();
    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);
    private byte[] _number = [];
    private byte[] _text = [];
    private byte[] _point = [];

    [GlobalSetup]
    public void Setup()
    {
        _number = Bytes(123_456);
        _text = Bytes("the quick brown fox");
        _point = Bytes(new Point(1, 2.5, "p"));
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int WriteNumber() => Write(123_456);

    [Benchmark(OperationsPerInvoke = Values)]
    public int WriteText() => Write("the quick brown fox");

    [Benchmark(OperationsPerInvoke = Values)]
    public int WriteRecord() => Write(new Point(1, 2.5, "p"));

    [Benchmark(OperationsPerInvoke = Values)]
    public int ReadNumber()
    {
        var sum = 0;
        for (var index = 0; index < Values; index++)
        {
            sum += _serializer.Read<int>(_number);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int ReadText()
    {
        var sum = 0;
        for (var index = 0; index < Values; index++)
        {
            sum += _serializer.Read<string>(_text).Length;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public int ReadRecord()
    {
        var sum = 0;
        for (var index = 0; index < Values; index++)
        {
            sum += _serializer.Read<Point>(_point).Number;
        }

        return sum;
    }

    private int Write<T>(T value)
    {
        _output.ResetWrittenCount();
        for (var index = 0; index < Values; index++)
        {
            _serializer.Write(_output, value);
        }

        return _output.WrittenCount;
    }

    private byte[] Bytes<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        _serializer.Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    public sealed record Point(int Number, double Weight, string Name);
}
