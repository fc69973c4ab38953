using System.Buffers;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Weft.Grpc;

namespace Weft.Micro;

/// <summary>Messages into frames and out of them again, without a connection; figures are for one message.</summary>
[MemoryDiagnoser]
public class GrpcFramingBenchmarks
{
    private const int Messages = 1000;

    private readonly FrameBuffer _frames = new();
    private byte[] _message = [];
    private byte[] _read = [];
    private Marshaller<byte[]> _marshaller = null!;
    private byte[] _wire = [];

    /// <summary>A small order or report, and a batch.</summary>
    [Params(64, 4096)]
    public int MessageBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _message = new byte[MessageBytes];
        _read = new byte[MessageBytes];

        // Copies, as the least that any message costs: what else is measured is the framing.
        _marshaller = Marshallers.Create<byte[]>(static (message, output) => output.Write(message), Take);
        Encode();
        using var wire = new MemoryStream();
        for (var index = 0; _frames.TryGetSegment(index, out var bytes); index++)
        {
            wire.Write(bytes.Span);
        }

        _wire = wire.ToArray();
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public long Encode()
    {
        _frames.Clear();
        for (var index = 0; index < Messages; index++)
        {
            _frames.Append(_message, _marshaller, MessageBytes);
        }

        return _frames.Length;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int Decode()
    {
        var reader = new MessageReader<byte[]>(PipeReader.Create(new ReadOnlySequence<byte>(_wire)), _marshaller, MessageBytes);
        var count = 0;

        // All is there already: no read waits.
        while (reader.TryMoveNext() || reader.ReadAsync(CancellationToken.None).GetAwaiter().GetResult())
        {
            count++;
        }

        return count == Messages ? count : throw new InvalidOperationException($"{count} messages of {Messages} came out.");
    }

    private byte[] Take(ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_read);
        return _read;
    }
}
