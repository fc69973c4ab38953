using System.Net;

namespace Weft.Grpc;

/// <summary>
/// A request whose messages come later: lends HttpClient's stream to the call's writer, and holds HttpClient inside until
/// the writer is done.
/// </summary>
internal sealed class StreamingContent : HttpContent
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _attempts;
    private Stream? _stream;
    private bool _used;
    private bool _isAnswered;
    private bool _isLastCancelled;

    /// <summary>
    /// Waits for the stream to write to, from now on the only one. It can come after the response: a server may answer before
    /// it has seen a message.
    /// </summary>
    public async ValueTask<Stream> UseStreamAsync()
    {
        await _ready.Task.ConfigureAwait(false);
        lock (_lock)
        {
            _used = true;
            return _stream!;
        }
    }

    /// <summary>The response has come. There are no more attempts; a stream that was cancelled before its messages is the server's end of the call.</summary>
    public void OnAnswered()
    {
        lock (_lock)
        {
            _isAnswered = true;
            EndIfNoStreamComes();
        }
    }

    /// <summary>The request ends in a regular way.</summary>
    public void Finish()
    {
        FailReady(new IOException("the call has ended"));
        _finished.TrySetResult();
    }

    public void Abandon(Exception why)
    {
        FailReady(why);
        if (_finished.TrySetException(why)) _ = _finished.Task.Exception;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        int attempt;
        lock (_lock)
        {
            attempt = ++_attempts;
            _isLastCancelled = false;
        }

        // Without this the request's head waits for the first message, which may never come before an answer does.
        // A stream that the server refuses meanwhile is cancelled. HttpClient tries again, but only if it does not see this fail first.
        // One that the server answers meanwhile, and wants nothing of, is cancelled too.
        try
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            lock (_lock)
            {
                _isLastCancelled |= attempt == _attempts;
                EndIfNoStreamComes();
            }

            await _finished.Task.ConfigureAwait(false);
            return;
        }

        lock (_lock)
        {
            // HttpClient tries again on a new stream when the server refused the first one unseen. Messages would be missing there.
            if (_used) throw new IOException("the server refused the stream after its first message was sent");

            // An attempt that was refused may come through its flush after the one that took its place.
            if (attempt == _attempts)
            {
                _stream = stream;
                _ready.TrySetResult();
            }
        }

        await _finished.Task.ConfigureAwait(false);
    }

    private void EndIfNoStreamComes()
    {
        if (_isAnswered && _isLastCancelled) FailReady(new IOException("the server ended the call before its first message"));
    }

    private void FailReady(Exception why)
    {
        if (_ready.TrySetException(why)) _ = _ready.Task.Exception;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
