using System.Text;

namespace Weft.Launcher;

/// <summary>The end of a file that others still write to.</summary>
internal static class LogTail
{
    /// <summary>So much of the end is looked at, whatever number of lines is asked for.</summary>
    private const int BytesMax = 4 << 20;

    /// <summary>The last lines, oldest first; one that is not ended by a line feed counts.</summary>
    public static IReadOnlyList<string> Read(string path, int lines)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, BytesMax), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var last = new Queue<string>();
        while (lines > 0 && reader.ReadLine() is { } line)
        {
            if (last.Count == lines)
            {
                last.Dequeue();
            }

            last.Enqueue(line);
        }

        return [.. last];
    }
}
