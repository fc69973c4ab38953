using System.Buffers;
using Weft.Serialization;

namespace Weft.Worker;

/// <summary>The one call of a worker setup: it has no inputs, and nobody wants its result.</summary>
internal sealed class SetupCall(ReadOnlyMemory<byte> arguments) : ICallSource, IResultSink
{
    public object? Context => null;

    public ReadOnlySpan<byte> Arguments(int call) => arguments.Span;

    public ReadOnlySpan<byte> Input(int call, int input) => throw new InvalidDataException("A worker setup has no inputs.");

    public IBufferWriter<byte> Begin(int call) => new ArrayBufferWriter<byte>();

    public void End(int call)
    {
        // The result is dropped.
    }
}
