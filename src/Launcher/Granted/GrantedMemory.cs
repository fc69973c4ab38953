using System.Globalization;

namespace Weft.Launcher;

/// <summary>How much memory this job was granted on this host, for all its processes together.</summary>
/// <param name="Bytes">Above zero.</param>
/// <param name="GrantedBy">What said so, for people.</param>
public readonly record struct GrantedMemory(long Bytes, string GrantedBy)
{
    private const long MiB = 1L << 20;

    public static GrantedMemory Of(HostView host)
    {
        var least = new GrantedMemory(PhysicalBytes(host), "memory of this host");
        Take(ControlGroups.MemoryBytes(host), "control group");
        Take(host.PositiveNumber("SLURM_MEM_PER_NODE") * MiB, "SLURM_MEM_PER_NODE");
        var cores = host.PositiveNumber("SLURM_CPUS_ON_NODE") ?? GrantedCores.Of(host).Count;
        Take(host.PositiveNumber("SLURM_MEM_PER_CPU") * MiB * cores, "SLURM_MEM_PER_CPU");

        // Grid Engine's h_vmem: a limit of each process, and of all together.
        Take(AddressSpaceLimit.Of(host)?.HeapBytes, "virtual-memory limit");
        return least;

        void Take(long? bytes, string grantedBy)
        {
            if (bytes < least.Bytes)
            {
                least = new GrantedMemory(bytes.Value, grantedBy);
            }
        }
    }

    /// <summary>An equal share for each of some worker processes.</summary>
    public long ShareOf(int workers) => Bytes / Math.Max(1, workers);

    private static long PhysicalBytes(HostView host)
    {
        const string Label = "MemTotal:";
        foreach (var line in (host.ReadText("/proc/meminfo") ?? "").Split('\n'))
        {
            if (line.StartsWith(Label, StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(Label.Length).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
            {
                return kilobytes * 1024;
            }
        }

        return host.PhysicalBytes;
    }
}
