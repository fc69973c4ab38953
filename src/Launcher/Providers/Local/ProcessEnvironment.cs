using System.Buffers;

namespace Weft.Launcher;

/// <summary>
/// What processes of this machine were started with: their <c>environ</c> file. While a process becomes another program the kernel shows it without an environment, or with half of one; who looks just then
/// would take it for nobody's. So an answer of nothing is believed only when it is said again.
/// </summary>
internal static class ProcessEnvironment
{
    /// <summary>A process may be put aside within an exec while others have the processors.</summary>
    private const int LooksMax = 500;

    /// <summary>Looks, a millisecond apart, by which a program without an environment is told from one that has just been laid out.</summary>
    private const int EmptyLooks = 3;

    /// <summary>Most are smaller, and read at once: a second read would be of the next program.</summary>
    private const int UsualBytes = 64 << 10;

    /// <param name="folder">Of the process, below <c>/proc</c>.</param>
    /// <returns>Entries that end with zeros; nothing when there is none, the process is gone, or another user's.</returns>
    public static byte[] Read(string folder)
    {
        try
        {
            var empty = 0;
            for (var look = 1; ; look++)
            {
                var environment = ReadOnce(folder);
                if (environment.Length > 0 || look == LooksMax)
                {
                    return environment;
                }

                var memory = MemoryOf(folder);
                empty = memory == Memory.WithoutEnvironment ? empty + 1 : 0;
                if (memory == Memory.None || empty == EmptyLooks)
                {
                    return [];
                }

                Thread.Sleep(1);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static byte[] ReadOnce(string folder)
    {
        using var file = File.OpenHandle(Path.Combine(folder, "environ"));
        var buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
        try
        {
            var length = 0;
            while (true)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(length), length);
                length += read;
                if (length < buffer.Length)
                {
                    return buffer[..length];
                }

                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The dead and threads of the kernel have no memory (field 23); a program's environment begins and ends somewhere (fields 50 and 51): proc_pid_stat(5).</summary>
    private static Memory MemoryOf(string folder)
    {
        // The name, field 2, is in parentheses and may hold spaces and parentheses.
        var stat = File.ReadAllText(Path.Combine(folder, "stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        if (fields.Length <= 48 || fields[20] == "0")
        {
            return Memory.None;
        }

        return fields[48] != "0" && fields[47] == fields[48] ? Memory.WithoutEnvironment : Memory.WithEnvironment;
    }

    private enum Memory
    {
        None,
        WithoutEnvironment,
        WithEnvironment,
    }
}
