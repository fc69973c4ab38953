using System.Net;

namespace Weft.Grpc;

/// <summary>
/// A request of one message. HttpClient may send it again on another connection when the server has not looked at it, so its
/// bytes are kept until the response has been read.
/// </summary>
internal sealed class SingleMessageContent(FrameBuffer frames) : HttpContent
{
    private const int Released = -1;

    /// <summary>How many attempts are being sent: one that the server refused may still be ending when the next begins.</summary>
    private int _attempts;

    /// <summary>Gives the buffers back. When they are still being sent (an early answer), the garbage collector gets them instead.</summary>
    public void Release()
    {
        if (Interlocked.CompareExchange(ref _attempts, Released, 0) == 0) frames.Dispose();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!TryBegin()) throw new IOException("the call has ended");
        try
        {
            await frames.WriteToAsync(stream, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _attempts);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private bool TryBegin()
    {
        int attempts = Volatile.Read(ref _attempts);
        while (attempts != Released)
        {
            int found = Interlocked.CompareExchange(ref _attempts, attempts + 1, attempts);
            if (found == attempts) return true;
            attempts = found;
        }

        return false;
    }
}
