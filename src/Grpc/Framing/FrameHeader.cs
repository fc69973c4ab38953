using System.Buffers;
using System.Buffers.Binary;

namespace Weft.Grpc;

/// <summary>The five bytes before each message: a compressed flag and the length of what follows.</summary>
internal static class FrameHeader
{
    public const int Size = 5;

    private const byte Uncompressed = 0;
    private const byte Compressed = 1;

    public static void Write(Span<byte> destination, int messageSize)
    {
        destination[0] = Uncompressed;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)messageSize);
    }

    /// <summary>False when the header has not arrived whole; what it must not say throws the status that the call ends with.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, int messageSizeMax, out int messageSize)
    {
        messageSize = 0;
        if (buffer.Length < Size) return false;

        Span<byte> header = stackalloc byte[Size];
        buffer.Slice(0, Size).CopyTo(header);
        if (header[0] == Compressed) throw RpcException.Of(StatusCode.Unimplemented, "The message is compressed; only the identity encoding is supported.");
        if (header[0] != Uncompressed) throw RpcException.Of(StatusCode.Internal, $"The message begins with flag {header[0]}; gRPC knows 0 and 1.");

        uint size = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (size > (uint)messageSizeMax)
        {
            throw RpcException.Of(StatusCode.ResourceExhausted, $"The received message has {size} bytes; at most {messageSizeMax} are accepted.");
        }

        messageSize = (int)size;
        return true;
    }
}
