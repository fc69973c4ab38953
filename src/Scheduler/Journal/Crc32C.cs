using System.Buffers.Binary;
using System.Numerics;

namespace Weft.Scheduler;

/// <summary>The checksum of iSCSI and ext4, which processors compute.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    /// <summary>Of a word, little-endian, and bytes that stand elsewhere.</summary>
    public static uint Of(uint word, ReadOnlySpan<byte> bytes) => ~Add(BitOperations.Crc32C(uint.MaxValue, word), bytes);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}
