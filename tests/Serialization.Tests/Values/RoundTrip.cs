using System.Buffers;

namespace Weft.Serialization.Tests.Values;

/// <summary>What every round-trip test does: write and read back, by reflection, with generated code, and with both on either side.</summary>
internal static class RoundTrip
{
    public static byte[] Bytes<T>(T value, ValueSerializer? serializer = null)
    {
        ArrayBufferWriter<byte> output = new();
        (serializer ?? ValueSerializer.Default).Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    public static T Of<T>(T value)
    {
        ValueSerializer reflecting = new(ValueSerializer.UsesWithoutCode);
        ValueSerializer generating = new(usesBeforeCode: 1);
        byte[] plain = Bytes(value, reflecting);
        Assert.Equal(plain, Bytes(value, generating));
        Assert.Equal(plain, Bytes(value, generating));
        reflecting.Read<T>(plain);
        generating.Read<T>(plain);
        return generating.Read<T>(plain);
    }

    public static T Of<T>(T value, ValueSerializer serializer) => serializer.Read<T>(Bytes(value, serializer));

    /// <summary>By reflection alone, as in a program whose dynamic code is off.</summary>
    public static T Reflected<T>(T value) => Of(value, new ValueSerializer(ValueSerializer.UsesWithoutCode));
}
