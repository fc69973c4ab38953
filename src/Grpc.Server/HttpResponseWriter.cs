using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Weft.Grpc.Server;

/// <summary>The response stream of a call over HTTP/2.</summary>
internal sealed class HttpResponseWriter<T>(PipeWriter pipe, HttpServerCallContext context, Marshaller<T> marshaller, int messageSizeMax)
    : IServerStreamWriter<T>, IDisposable
{
    private readonly FrameBuffer _frames = new();
    private WriteGate _gate;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; }

    public ValueTask WriteAsync(T message, CancellationToken cancellationToken = default)
    {
        _gate.Enter();
        bool inFlight = false;
        try
        {
            if (_completed) throw new InvalidOperationException("The handler has returned; no message can follow.");
            context.CancellationToken.ThrowIfCancellationRequested();
            _frames.Append(message, marshaller, messageSizeMax);
            bool mayWait = WriteOptions is { } options && options.Flags.HasFlag(WriteFlags.BufferHint);
            if (mayWait && _frames.Length < FrameBuffer.BufferedBytesMax) return ValueTask.CompletedTask;

            inFlight = true;
            return SendAsync(cancellationToken);
        }
        finally
        {
            if (!inFlight) _gate.Leave();
        }
    }

    /// <summary>The handler has returned: what is buffered goes into the pipe without a flush, to leave together with the trailers.</summary>
    public void Complete()
    {
        _gate.Enter();
        _completed = true;
        context.HasMessages |= _frames.Length > 0;
        for (int i = 0; _frames.TryGetSegment(i, out var bytes); i++) pipe.Write(bytes.Span);
        _frames.Clear();
        _gate.Leave();
    }

    /// <summary>A write that the handler has left in flight still uses the buffers: then they stay with it.</summary>
    public void Dispose()
    {
        _completed = true;
        if (_gate.TryEnter()) _frames.Dispose();
    }

    /// <summary>Leaves the gate that its caller has entered.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        var registration = cancellationToken.UnsafeRegister(static pipe => ((PipeWriter)pipe!).CancelPendingFlush(), pipe);
        context.HasMessages = true;
        try
        {
            for (int i = 0; _frames.TryGetSegment(i, out var bytes); i++)
            {
                var flushed = await pipe.WriteAsync(bytes, context.CancellationToken).ConfigureAwait(false);
                if (flushed.IsCanceled) throw new OperationCanceledException("The write was cancelled.", cancellationToken);
                if (flushed.IsCompleted) throw context.ClientLeft(new IOException("the response is closed"));
            }

            _frames.Clear();
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException)
        {
            throw context.ClientLeft(lost);
        }
        finally
        {
            registration.Unregister();
            _gate.Leave();
        }
    }
}
