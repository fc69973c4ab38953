using System.Net;

namespace Weft.Grpc;

/// <summary>
/// A request of one message. HttpClient may send it again on another connection when the server has not looked at it, so its
/// bytes are kept until the response has been read.
/// </summary>
internal sealed class SingleMessageContent(FrameBuffer frames) : HttpContent
{
    private const int Idle = 0;
    private const int Sending = 1;
    private const int Released = 2;

    private int _state = Idle;

    /// <summary>Gives the buffers back. When they are still being sent (an early answer), the garbage collector gets them instead.</summary>
    public void Release()
    {
        if (Interlocked.CompareExchange(ref _state, Released, Idle) == Idle) frames.Dispose();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Sending, Idle) != Idle) throw new IOException("the request is being sent already");
        try
        {
            await frames.WriteToAsync(stream, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
