namespace Weft.Scheduler;

/// <summary>How records lie in a file, one after the other: docs/journal.md has it byte by byte.</summary>
internal static class RecordFrame
{
    /// <summary>Length and checksum, 32 bits each, before the payload.</summary>
    public const int HeadBytes = 2 * sizeof(uint);

    /// <summary>Four times the largest message: neighbouring facts may have become one. A longer record cannot be written, and a longer length is damage.</summary>
    public const int PayloadBytesMax = 256 * 1024 * 1024;

    /// <summary>Instead of a length, "MARK": what lies before an offset of this file was on the disk when this was written.</summary>
    public const uint MarkWord = 0x4B52414D;

    /// <summary>The word, a checksum, and the offset in 64 bits.</summary>
    public const int MarkBytes = HeadBytes + sizeof(ulong);

    public static ReadOnlySpan<byte> MarkWordBytes => "MARK"u8;
}
