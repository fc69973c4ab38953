using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Weft.Serialization;

/// <summary>
/// Gets back the image of an assembly that has no file: one that was loaded from bytes (a notebook's or a script's), or that lies inside a
/// single-file program. The runtime gives away where its metadata is in memory; the image's header lies before it. Memory is read through
/// /proc/self/mem, where a page that is not there is a failed read and not the end of the process.
/// </summary>
internal static class LoadedImage
{
    /// <summary>Metadata further from its image's header than this is given up.</summary>
    private const int ImageBytesMax = 128 << 20;

    private const int Step = 64 << 10;

    /// <summary>Null when there is no image to be had: another system than Linux, Reflection.Emit, an image that was taken apart when it was loaded.</summary>
    public static byte[]? TryCopy(Assembly assembly)
    {
        if (!OperatingSystem.IsLinux() || assembly.IsDynamic || !TryGetMetadata(assembly, out var address, out var length))
        {
            return null;
        }

        try
        {
            using var memory = new FileStream("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return Search(memory, address, length, assembly.ManifestModule.ModuleVersionId);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static unsafe bool TryGetMetadata(Assembly assembly, out long address, out int length)
    {
        var found = assembly.TryGetRawMetadata(out var blob, out length);
        address = (long)blob;
        return found;
    }

    /// <summary>Reads backwards in steps, and at each "MZ" asks whether an image begins there whose metadata is the one that we came from.</summary>
    private static byte[]? Search(FileStream memory, long metadata, int metadataLength, Guid mvid)
    {
        var window = new byte[Step + 1];
        for (var end = metadata; metadata - end < ImageBytesMax; end -= Step)
        {
            var start = end - Step;
            var lowest = ReadBackwards(memory, start, window.AsSpan(0, Step));
            for (var i = Step - 1; i >= lowest; i--)
            {
                if (window[i] == 'M' && window[i + 1] == 'Z' && TryImageAt(memory, start + i, metadata, metadataLength, mvid) is { } image)
                {
                    return image;
                }
            }

            if (lowest > 0)
            {
                return null;
            }

            // So that an "MZ" across two steps is seen.
            window[Step] = window[0];
        }

        return null;
    }

    /// <summary>Fills the window page by page from its end; returns the offset of the lowest byte that could be read.</summary>
    private static int ReadBackwards(FileStream memory, long start, Span<byte> window)
    {
        const int Page = 4096;
        var to = window.Length;
        while (to > 0)
        {
            var address = (start + to - 1) / Page * Page;
            var from = (int)Math.Max(0, address - start);
            if (!TryRead(memory, start + from, window[from..to]))
            {
                return to;
            }

            to = from;
        }

        return 0;
    }

    private static bool TryRead(FileStream memory, long address, Span<byte> into)
    {
        try
        {
            return RandomAccess.Read(memory.SafeFileHandle, into, address) == into.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static byte[]? TryImageAt(FileStream memory, long address, long metadata, int metadataLength, Guid mvid)
    {
        var header = new byte[4096];
        var length = TryRead(memory, address, header) ? LengthOf(header) : 0;
        if (length is 0 or > ImageBytesMax || address + length < metadata + metadataLength)
        {
            return null;
        }

        var image = new byte[length];
        return TryRead(memory, address, image) && IsImageOf(image, (int)(metadata - address), mvid) ? image : null;
    }

    /// <summary>How long the file was, by its section table; zero when this is not the header of an image.</summary>
    private static long LengthOf(ReadOnlySpan<byte> header)
    {
        const int SectionBytes = 40;
        var start = BinaryPrimitives.ReadInt32LittleEndian(header[0x3c..]);
        if (start is < 0x40 or > 0x400 || !header[start..].StartsWith("PE\0\0"u8))
        {
            return 0;
        }

        var sections = BinaryPrimitives.ReadUInt16LittleEndian(header[(start + 6)..]);
        var table = start + 24 + BinaryPrimitives.ReadUInt16LittleEndian(header[(start + 20)..]);
        var length = 0L;
        for (var at = table; sections > 0 && at + SectionBytes <= header.Length; at += SectionBytes, sections--)
        {
            var rawLength = BinaryPrimitives.ReadUInt32LittleEndian(header[(at + 16)..]);
            var rawStart = BinaryPrimitives.ReadUInt32LittleEndian(header[(at + 20)..]);
            length = Math.Max(length, (long)rawStart + rawLength);
        }

        return sections == 0 ? length : 0;
    }

    /// <summary>False also for an image whose sections were moved when it was mapped: its metadata is then not where the file has it.</summary>
    private static bool IsImageOf(byte[] image, int metadataOffset, Guid mvid)
    {
        try
        {
            using var reader = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(image));
            if (!reader.HasMetadata || reader.PEHeaders.MetadataStartOffset != metadataOffset)
            {
                return false;
            }

            var metadata = reader.GetMetadataReader();
            return metadata.GetGuid(metadata.GetModuleDefinition().Mvid) == mvid && IsPure(reader.PEHeaders);
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    /// <summary>Code that was compiled ahead of time has been bound to this process while it ran, and would end another one.</summary>
    private static bool IsPure(PEHeaders headers) => headers.CorHeader is { ManagedNativeHeaderDirectory.Size: 0 };
}
