using System.Buffers.Binary;

namespace Weft.Scheduler;

/// <summary>What a file of a journal holds. Numbered and append-only: the numbers are in the files.</summary>
internal enum SegmentKind : uint
{
    /// <summary>Facts that follow those of the log before it.</summary>
    Log = 1,

    /// <summary>Facts that follow the snapshot of the same number and nothing else: they are read only with it.</summary>
    DetachedLog = 2,

    /// <summary>All that was known when the log of the same number began. Whole, or it is no snapshot.</summary>
    Snapshot = 3,
}

/// <summary>The first bytes of every file of a journal.</summary>
/// <param name="Kind">What follows.</param>
/// <param name="Epoch">Of the scheduler that wrote it.</param>
/// <param name="Number">Rises with each file of an epoch.</param>
internal readonly record struct SegmentHeader(SegmentKind Kind, uint Epoch, uint Number)
{
    /// <summary>Raised when an older version could not make sense of what is written. Older files stay readable.</summary>
    public const uint FormatVersion = 3;

    public const int Bytes = 28;

    private const int ChecksumAt = Bytes - sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "WEFTJRNL"u8;

    public void Write(Span<byte> target)
    {
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], (uint)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(target[20..], Number);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumAt..], Crc32C.Of(target[..ChecksumAt]));
    }

    /// <param name="source">As many bytes as a header has.</param>
    /// <param name="header">What it says.</param>
    /// <param name="fault">What is wrong with it; the version, which is never wrong but may be newer, is named first.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, out SegmentHeader header, out SegmentFault fault)
    {
        var version = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        header = new SegmentHeader(
            (SegmentKind)BinaryPrimitives.ReadUInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[20..]));
        fault = default;
        if (!source.StartsWith(Magic))
        {
            fault = new SegmentFault(SegmentFaultKind.Foreign, 0, "it does not begin as a file of a journal does");
        }
        else if (BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumAt..]) != Crc32C.Of(source[..ChecksumAt]))
        {
            fault = new SegmentFault(SegmentFaultKind.Corrupt, 0, "the checksum of its header does not fit");
        }
        else if (version is 0 or > FormatVersion || !Enum.IsDefined(header.Kind))
        {
            fault = new SegmentFault(SegmentFaultKind.Newer, 0, $"its format is version {version}, and this version of Weft reads {FormatVersion}");
        }

        return fault.Kind == SegmentFaultKind.None;
    }
}
