using System.Buffers.Binary;

namespace Weft.Micro;

/// <summary>Ends of entries that are all equally long, made once.</summary>
internal static class EqualEnds
{
    private const int EntriesMax = 100_000;
    private const int EntryBytes = sizeof(long);

    private static readonly byte[] Ends = Make();

    /// <param name="count">Up to a hundred thousand entries, of eight bytes each.</param>
    public static ReadOnlyMemory<byte> Of(int count) => Ends.AsMemory(0, count * sizeof(uint));

    private static byte[] Make()
    {
        var ends = new byte[EntriesMax * sizeof(uint)];
        for (var index = 0; index < EntriesMax; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(ends.AsSpan(index * sizeof(uint)), (uint)((index + 1) * EntryBytes));
        }

        return ends;
    }
}
