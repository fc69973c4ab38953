using System.Buffers;

namespace Weft.Grpc.Tests;

/// <summary>How the only message of a request comes to its stream, when HttpClient tries more than once.</summary>
public sealed class SingleMessageContentTests
{
    private readonly SingleMessageContent _content = new(FramesOf([1, 2, 3]));

    [Fact]
    public async Task An_attempt_that_is_refused_while_it_is_sent_leaves_the_call_to_the_next()
    {
        using var refused = new CancellationTokenSource();
        var first = _content.CopyToAsync(new UnsentStream(), null, refused.Token);
        using var stream = new MemoryStream();
        await _content.CopyToAsync(stream, null, CancellationToken.None);

        Assert.Equal([0, 0, 0, 0, 3, 1, 2, 3], stream.ToArray());
        await refused.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Once_the_call_has_ended_nothing_is_sent_of_buffers_that_may_be_anothers()
    {
        _content.Release();
        using var stream = new MemoryStream();

        await Assert.ThrowsAnyAsync<Exception>(() => _content.CopyToAsync(stream, null, CancellationToken.None));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public async Task Buffers_that_are_being_sent_when_the_call_ends_stay_with_it()
    {
        var stream = new HeldStream();
        var sending = _content.CopyToAsync(stream, null, CancellationToken.None);
        _content.Release();
        ArrayPool<byte>.Shared.Rent(4 * 1024).AsSpan().Clear();
        stream.GoOn.SetResult();
        await sending.WaitAsync(Patience.Long);

        Assert.Equal([0, 0, 0, 0, 3, 1, 2, 3], stream.ToArray());
    }

    private static FrameBuffer FramesOf(byte[] message)
    {
        var frames = new FrameBuffer();
        frames.Append(message, TestMarshallers.Bytes, int.MaxValue);
        return frames;
    }

    /// <summary>What is written does not go out.</summary>
    private sealed class UnsentStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>What is written is looked at when the test says so.</summary>
    private sealed class HeldStream : MemoryStream
    {
        public TaskCompletionSource GoOn { get; } = new();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await GoOn.Task;
            Write(buffer.Span);
        }
    }
}
