using System.Buffers;
using System.IO.Pipelines;

namespace Weft.Grpc.Tests;

public sealed class FramingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public async Task Messages_come_out_as_they_went_in_however_the_bytes_are_cut(int pieceSize)
    {
        byte[][] messages = [[], [1], new byte[4_091], new byte[4_092], new byte[70_000], [2, 3]];
        new Random(7).NextBytes(messages[4]);
        byte[] wire = Frame(int.MaxValue, messages);

        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var feeding = FeedAsync(pipe.Writer, wire, pieceSize);
        var reader = new MessageReader<byte[]>(pipe.Reader, TestMarshallers.Bytes, int.MaxValue);
        foreach (byte[] expected in messages)
        {
            Assert.True(await MoveNextAsync(reader).WaitAsync(Patience.Long));
            Assert.True(expected.AsSpan().SequenceEqual(reader.Current));
        }

        Assert.False(await MoveNextAsync(reader).WaitAsync(Patience.Long));
        await feeding;
    }

    [Fact]
    public async Task Messages_that_arrived_together_are_read_without_waiting()
    {
        var reader = await ReaderOfAsync(Frame(100, [1], [2], [3]));
        Assert.True(await MoveNextAsync(reader));
        for (byte expected = 2; expected <= 3; expected++)
        {
            Assert.True(reader.TryMoveNext());
            Assert.Equal([expected], reader.Current);
        }
    }

    [Fact]
    public void Frame_has_a_flag_a_big_endian_length_and_the_message()
    {
        Assert.Equal([0, 0, 0, 0, 2, 8, 9], Frame(100, [8, 9]));
        Assert.Equal([0, 0, 1, 0x11, 0x70], Frame(100_000, new byte[70_000])[..5]);
    }

    [Fact]
    public async Task Message_over_the_limit_names_size_and_limit()
    {
        var reader = await ReaderOfAsync([0, 0, 0, 0, 11]);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => MoveNextAsync(reader));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal("The received message has 11 bytes; at most 10 are accepted.", refusal.Status.Detail);
    }

    [Fact]
    public async Task Length_beyond_an_int_is_over_any_limit()
    {
        var reader = await ReaderOfAsync([0, 255, 255, 255, 255]);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => MoveNextAsync(reader));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.Unimplemented, new byte[] { 1, 0, 0, 0, 1, 9 })]
    [InlineData(StatusCode.Internal, new byte[] { 7, 0, 0, 0, 1, 9 })]
    [InlineData(StatusCode.Internal, new byte[] { 0, 0, 0 })]
    [InlineData(StatusCode.Internal, new byte[] { 0, 0, 0, 0, 2, 9 })]
    public async Task Frame_that_cannot_be_read_ends_the_call(StatusCode expected, byte[] wire)
    {
        var reader = await ReaderOfAsync(wire);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => MoveNextAsync(reader));
        Assert.Equal(expected, refusal.StatusCode);
    }

    [Fact]
    public async Task Message_that_its_marshaller_cannot_read_ends_the_call()
    {
        var marshaller = Marshallers.Create<byte[]>((_, _) => { }, _ => throw new FormatException("odd"));
        var reader = new MessageReader<byte[]>(await PipeOfAsync(Frame(100, [1])), marshaller, 100);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => MoveNextAsync(reader));
        Assert.Equal(StatusCode.Internal, refusal.StatusCode);
        Assert.Contains("odd", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(4_000)]
    [InlineData(200_000)]
    public void Message_that_may_not_be_sent_leaves_the_buffer_as_it_was(int before)
    {
        using var buffer = new FrameBuffer();
        buffer.Append(new byte[before], TestMarshallers.Bytes, int.MaxValue);
        byte[] expected = Contents(buffer);

        var refusal = Assert.Throws<RpcException>(() => buffer.Append(new byte[2_000_000], TestMarshallers.Bytes, 1_999_999));
        Assert.Equal("The message to send has 2000000 bytes; at most 1999999 are allowed.", refusal.Status.Detail);
        Assert.Equal(before + 5, buffer.Length);
        Assert.Equal(expected, Contents(buffer));

        buffer.Append([5], TestMarshallers.Bytes, 10);
        Assert.Equal([.. expected, 0, 0, 0, 0, 1, 5], Contents(buffer));
    }

    [Fact]
    public void Cleared_buffer_is_empty_and_can_be_used_again()
    {
        using var buffer = new FrameBuffer();
        buffer.Append(new byte[300_000], TestMarshallers.Bytes, int.MaxValue);
        buffer.Clear();
        Assert.Equal(0, buffer.Length);
        Assert.Empty(Contents(buffer));
        buffer.Append([5], TestMarshallers.Bytes, 10);
        Assert.Equal([0, 0, 0, 0, 1, 5], Contents(buffer));
    }

    private static byte[] Frame(int messageSizeMax, params byte[][] messages)
    {
        using var buffer = new FrameBuffer();
        foreach (byte[] message in messages) buffer.Append(message, TestMarshallers.Bytes, messageSizeMax);
        return Contents(buffer);
    }

    private static byte[] Contents(FrameBuffer buffer)
    {
        var contents = new ArrayBufferWriter<byte>();
        for (int i = 0; buffer.TryGetSegment(i, out var bytes); i++) contents.Write(bytes.Span);
        return contents.WrittenSpan.ToArray();
    }

    private static async Task<bool> MoveNextAsync(MessageReader<byte[]> reader) => reader.TryMoveNext() || await reader.ReadAsync(default);

    private static async Task<MessageReader<byte[]>> ReaderOfAsync(byte[] wire) => new(await PipeOfAsync(wire), TestMarshallers.Bytes, 10);

    private static async Task<PipeReader> PipeOfAsync(byte[] wire)
    {
        var pipe = new Pipe();
        await FeedAsync(pipe.Writer, wire, wire.Length);
        return pipe.Reader;
    }

    private static async Task FeedAsync(PipeWriter writer, byte[] wire, int pieceSize)
    {
        foreach (byte[] piece in wire.Chunk(pieceSize))
        {
            await writer.WriteAsync(piece);
            if (pieceSize < 100) await Task.Yield();
        }

        await writer.CompleteAsync();
    }
}
