using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Weft.Protocol.V1;

namespace Weft.Micro;

/// <summary>A worker's message with a column of results; figures are for one result.</summary>
public class ColumnMessageBenchmarks
{
    private const int Results = 1000;
    private const int ValueBytes = 9;

    private readonly WorkerBatch _batch = new();
    private byte[] _bytes = [];
    private byte[] _output = [];

    [GlobalSetup]
    public void Setup()
    {
        _batch.Completed.Add(new Completed
        {
            First = 1,
            Count = Results,
            Attempt = 1,
            DurationNs = Results,
            Data = ByteString.CopyFrom(new byte[Results * ValueBytes]),
            Ends = ByteString.CopyFrom(new byte[Results * sizeof(uint)]),
        });
        _bytes = _batch.ToByteArray();
        _output = new byte[_bytes.Length];
    }

    [Benchmark(OperationsPerInvoke = Results)]
    public void Encode() => _batch.WriteTo(_output.AsSpan());

    [Benchmark(OperationsPerInvoke = Results)]
    public WorkerBatch Parse() => WorkerBatch.Parser.ParseFrom(_bytes);
}
