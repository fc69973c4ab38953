using System.Globalization;

namespace Weft.Launcher;

/// <summary>
/// A limit on the virtual memory of each process (<c>ulimit -v</c>, Grid Engine's <c>h_vmem</c>). It counts what is reserved, and .NET reserves
/// far more than it uses: half the limit for the garbage collector, and 128 MiB for each native heap of glibc, one for each thread.
/// </summary>
/// <param name="Bytes">The limit.</param>
public readonly record struct AddressSpaceLimit(long Bytes)
{
    /// <summary>Below this a worker does not start reliably, whatever is set: measured with a worker that runs tasks, and rounded up.</summary>
    public const long LeastBytes = 1L << 30;

    /// <summary>What a process reserves beside the garbage collector's range: the runtime, code, stacks of threads, one native heap.</summary>
    private const long OverheadBytes = 768L << 20;

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

    /// <summary>Why no worker can run under this limit, in one line; null when one can.</summary>
    public string? Objection => Bytes >= LeastBytes
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the virtual-memory limit of {Bytes >> 20} MiB (ulimit -v; h_vmem in Grid Engine) is too low: a worker process needs at least {LeastBytes >> 20} MiB.");

    /// <summary>
    /// What a worker process must be started with to live under the limit: one native heap for all threads, and a range for the
    /// garbage collector that leaves room for the rest. Both are read at the start of a process, so only a parent can set them.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>> ChildEnvironment()
    {
        yield return KeyValuePair.Create("MALLOC_ARENA_MAX", "1");
        yield return KeyValuePair.Create("DOTNET_GCRegionRange", string.Create(CultureInfo.InvariantCulture, $"0x{HeapRangeBytes:x}"));
    }

    /// <summary>What the garbage collector may reserve, in whole regions of 4 MiB.</summary>
    private long HeapRangeBytes => Math.Max(256L << 20, Bytes - OverheadBytes) & ~((4L << 20) - 1);
}
