using Google.Protobuf;
using Weft.Grpc;

namespace Weft.Scheduler;

/// <summary>
/// What waits to be written to one peer. Messages are closed when they have reached a size, and written one at a time: while one is on its
/// way the next fills up, so that a batch is one entry on an idle stream and thousands on a busy one. Owned by the loop.
/// </summary>
internal sealed class Outbox<TMessage>(IServerStreamWriter<TMessage> stream, Action<Exception?> written, CancellationToken ended)
    where TMessage : class, IMessage<TMessage>, new()
{
    private readonly Queue<TMessage> _closed = [];
    private TMessage? _open;
    private int _openBytes;
    private bool _isWriting;

    /// <summary>Nothing is being written, and nothing waits.</summary>
    public bool IsIdle => !_isWriting && _closed.Count == 0 && _open is null;

    /// <summary>The message to add to. About so many bytes will be added; the message before is closed when they do not fit.</summary>
    public TMessage Open(int bytes)
    {
        if (_open is not null && _openBytes + bytes > Protocol.Limits.BatchBytesSoft)
        {
            Close();
        }

        _openBytes += bytes;
        return _open ??= new TMessage();
    }

    /// <summary>Says that what was added to the open message took more bytes than were announced. The sum of one addition must be far below the largest message.</summary>
    public void Count(int bytes) => _openBytes += bytes;

    /// <summary>What is added from now on goes into the next message: parts of one message take effect in an order of their own.</summary>
    public void Close()
    {
        if (_open is not null)
        {
            _closed.Enqueue(_open);
            _open = null;
            _openBytes = 0;
        }
    }

    /// <summary>Writes what waits, as far as the stream takes it now.</summary>
    public void Flush()
    {
        while (!_isWriting && !ended.IsCancellationRequested && TryTake(out var message))
        {
            _isWriting = true;
            ValueTask writing;
            try
            {
                writing = stream.WriteAsync(message, ended);
            }
            catch (Exception failure)
            {
                written(failure);
                return;
            }

            if (writing.IsCompletedSuccessfully)
            {
                _isWriting = false;
            }
            else
            {
                _ = AwaitAsync(writing);
            }
        }
    }

    /// <summary>The write in flight ended: to be called by the loop, when it was told so through the callback.</summary>
    public void OnWritten()
    {
        _isWriting = false;
        Flush();
    }

    private bool TryTake(out TMessage message)
    {
        if (_closed.TryDequeue(out message!))
        {
            return true;
        }

        message = _open!;
        _open = null;
        _openBytes = 0;
        return message is not null;
    }

    private async Task AwaitAsync(ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
            written(null);
        }
        catch (Exception failure)
        {
            // The stream is broken or was ended; its reader sees that too and says why.
            written(failure);
        }
    }
}
