using System.Net;

namespace Weft.Grpc;

/// <summary>
/// A request whose messages come later: lends HttpClient's stream to the call's writer, and holds HttpClient inside until
/// the writer is done.
/// </summary>
internal sealed class StreamingContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It can come after the response: a server may answer before it has seen a message.</summary>
    public Task<Stream> Stream => _stream.Task;

    /// <summary>The request ends in a regular way.</summary>
    public void Finish() => _finished.TrySetResult();

    public void Abandon(Exception why)
    {
        if (_stream.TrySetException(why)) _ = _stream.Task.Exception;
        if (_finished.TrySetException(why)) _ = _finished.Task.Exception;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Without this the request's head waits for the first message, which may never come before an answer does.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!_stream.TrySetResult(stream))
        {
            // HttpClient tries again on a new connection; messages written to the first one would be missing.
            throw new IOException("the connection closed while the call began");
        }

        await _finished.Task.ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
