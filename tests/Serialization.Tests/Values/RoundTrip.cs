using System.Buffers;

namespace Weft.Serialization.Tests.Values;

/// <summary>What every round-trip test does: write, read back, with generated code and without.</summary>
internal static class RoundTrip
{
    public static byte[] Bytes<T>(T value, ValueSerializer? serializer = null)
    {
        ArrayBufferWriter<byte> output = new();
        (serializer ?? ValueSerializer.Default).Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    public static T Of<T>(T value, ValueSerializer? serializer = null)
    {
        serializer ??= ValueSerializer.Default;
        return serializer.Read<T>(Bytes(value, serializer));
    }
}
