using System.Globalization;

namespace Weft.Launcher;

/// <summary>
/// A limit on the virtual memory of each process (<c>ulimit -v</c>, Grid Engine's <c>h_vmem</c>). It counts what is reserved, and .NET reserves
/// far more than it uses: half the limit for the garbage collector, and glibc 128 MiB for each native heap, of which there are several for each core.
/// </summary>
/// <param name="Bytes">The limit.</param>
public readonly record struct AddressSpaceLimit(long Bytes)
{
    /// <summary>Below this processes start only sometimes: measured with a scheduler, which started each time under 1.4 GB and more.</summary>
    public const long LeastBytes = 1400L << 20;

    /// <summary>
    /// One native heap for all threads. With it a scheduler starts under 1.4 GB, without it under 4 GB. A larger range for the garbage
    /// collector than its own choice cannot be had: it needs room beside the range in proportion to it.
    /// </summary>
    public static readonly KeyValuePair<string, string> Setting = KeyValuePair.Create("MALLOC_ARENA_MAX", "1");

    /// <summary>What the garbage collector gives itself.</summary>
    public long HeapBytes => Bytes / 2;

    /// <summary>Why no worker can run under this limit, in one line; null when one can.</summary>
    public string? Objection => Bytes >= LeastBytes
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the virtual-memory limit of {Bytes >> 20} MiB (ulimit -v; h_vmem in Grid Engine) is too low: a process needs at least {LeastBytes >> 20} MiB.");

    public static AddressSpaceLimit? Of(HostView host)
    {
        const string Label = "Max address space";
        foreach (var line in (host.ReadText("/proc/self/limits") ?? "").Split('\n'))
        {
            if (line.StartsWith(Label, StringComparison.Ordinal))
            {
                var soft = line[Label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
                return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? new AddressSpaceLimit(bytes) : null;
            }
        }

        return null;
    }
}
