using System.Buffers.Binary;

namespace Weft.Serialization;

/// <summary>MessagePack extension codes with a meaning in calls. They go over the wire: append only.</summary>
public static class WireExtensions
{
    /// <summary>In place of an argument: the value of an input. Payload: its index, 32 bits, little-endian.</summary>
    public const sbyte Input = 0x01;

    /// <summary>In place of an argument: a list of inputs. Payload: the first one's index and their count, 32 bits each, little-endian.</summary>
    public const sbyte InputList = 0x02;

    /// <summary>Within a value: a future, of which the client's library knows how to read it.</summary>
    public const sbyte Future = 0x03;

    internal static void WriteInput(ref ValueWriter writer, int input)
    {
        Span<byte> payload = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, input);
        writer.WriteExtension(Input, payload);
    }

    internal static void WriteInputList(ref ValueWriter writer, int first, int count)
    {
        Span<byte> payload = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, first);
        BinaryPrimitives.WriteInt32LittleEndian(payload[sizeof(int)..], count);
        writer.WriteExtension(InputList, payload);
    }

    internal static int ReadInput(ReadOnlySpan<byte> payload) =>
        payload.Length == sizeof(int)
            ? NotNegative(BinaryPrimitives.ReadInt32LittleEndian(payload))
            : throw new InvalidDataException($"The reference to an input is {payload.Length} bytes long; {sizeof(int)} are expected.");

    internal static (int First, int Count) ReadInputList(ReadOnlySpan<byte> payload) =>
        payload.Length == 2 * sizeof(int)
            ? (NotNegative(BinaryPrimitives.ReadInt32LittleEndian(payload)), NotNegative(BinaryPrimitives.ReadInt32LittleEndian(payload[sizeof(int)..])))
            : throw new InvalidDataException($"The reference to a list of inputs is {payload.Length} bytes long; {2 * sizeof(int)} are expected.");

    private static int NotNegative(int value) =>
        value >= 0 ? value : throw new InvalidDataException($"A reference to inputs says {(uint)value}; at most {int.MaxValue} is allowed.");
}
