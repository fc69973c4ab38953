namespace Weft.Scheduler;

/// <summary>Why reading a file stopped before its end.</summary>
internal enum SegmentFaultKind
{
    None,

    /// <summary>A record, or the header, ends beyond the end of the file: what a process leaves that is killed while it writes.</summary>
    CutOff,

    /// <summary>A checksum does not fit its record, or a length is none.</summary>
    Corrupt,

    /// <summary>It is no file of a journal.</summary>
    Foreign,

    /// <summary>A newer version wrote it.</summary>
    Newer,

    /// <summary>A record is whole and says nothing that this version understands; or the file is not what its name says.</summary>
    Unreadable,
}

/// <param name="Kind">What is wrong; none: the file was read to its end.</param>
/// <param name="Offset">Where the first byte lies that could not be read.</param>
/// <param name="Why">A part of a sentence, for people.</param>
internal readonly record struct SegmentFault(SegmentFaultKind Kind, long Offset, string Why);
