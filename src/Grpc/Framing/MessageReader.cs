using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Weft.Grpc;

/// <summary>
/// Takes framed messages off a pipe. Messages that arrived together are parsed from the one buffer they arrived in,
/// without a call to the pipe for each. One reader at a time.
/// </summary>
internal sealed class MessageReader<T>(PipeReader pipe, Marshaller<T> marshaller, int messageSizeMax)
{
    /// <summary>What was read from the pipe and is not yet parsed; the pipe waits for AdvanceTo while <see cref="_holdsBuffer"/>.</summary>
    private ReadOnlySequence<byte> _unparsed;
    private bool _holdsBuffer;

    /// <summary>No more bytes will come than those in <see cref="_unparsed"/>.</summary>
    private bool _pipeEnded;

    /// <summary>What the next message takes as far as is known; a large one is then read into one piece.</summary>
    private int _bytesNeeded;
    private T? _current;

    public T Current => _current!;

    /// <summary>Takes the next message if it has arrived. When it has not, <see cref="ReadAsync"/> waits for it.</summary>
    public bool TryMoveNext()
    {
        if (!FrameHeader.TryRead(_unparsed, messageSizeMax, out int size)) return false;

        long end = (long)FrameHeader.Size + size;
        if (_unparsed.Length < end)
        {
            _bytesNeeded = (int)Math.Min(end, int.MaxValue);
            return false;
        }

        var message = _unparsed.Slice(FrameHeader.Size, size);
        _bytesNeeded = 0;
        _current = Deserialize(message);
        _unparsed = _unparsed.Slice(end);
        return true;
    }

    /// <summary>
    /// Waits for the next message, after <see cref="TryMoveNext"/> found none; false at the end of the stream. To be awaited at once:
    /// its state is pooled, and who looks at the result first and awaits then awaits what may be another's.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (_pipeEnded)
            {
                if (_unparsed.IsEmpty) return false;
                throw RpcException.Of(StatusCode.Internal, $"The stream ended within a message, {_unparsed.Length} bytes into it.");
            }

            if (_holdsBuffer)
            {
                _holdsBuffer = false;
                pipe.AdvanceTo(_unparsed.Start, _unparsed.End);
                _unparsed = default;
            }

            var result = _bytesNeeded > FrameHeader.Size
                ? await pipe.ReadAtLeastAsync(_bytesNeeded, cancellationToken).ConfigureAwait(false)
                : await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            _unparsed = result.Buffer;
            _holdsBuffer = true;
            _pipeEnded = result.IsCompleted;
            if (result.IsCanceled) throw new OperationCanceledException("The read was cancelled.");
        }
        while (!TryMoveNext());
        return true;
    }

    private T Deserialize(in ReadOnlySequence<byte> message)
    {
        try
        {
            return marshaller.Deserializer(message);
        }
        catch (Exception malformed)
        {
            throw RpcException.Of(StatusCode.Internal, $"A message of {message.Length} bytes could not be read: {malformed.Message}", malformed);
        }
    }
}
