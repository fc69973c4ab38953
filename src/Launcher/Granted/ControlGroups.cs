using System.Globalization;

namespace Weft.Launcher;

/// <summary>
/// Limits of the control groups that this process is in, of either version. A limit of any ancestor holds too, and a container often
/// sees its own group as the root while <c>/proc/self/cgroup</c> names the host's path: so every level down to the root is looked at.
/// </summary>
internal static class ControlGroups
{
    private const string Mount = "/sys/fs/cgroup";

    /// <summary>Version 1 writes "unlimited" as the largest multiple of a page.</summary>
    private const long UnlimitedFrom = 1L << 60;

    public static double? Cores(HostView host)
    {
        double? least = null;
        foreach (var folder in Folders(host, "cpu"))
        {
            var quota = host.ReadText($"{folder}/cpu.max") is { } max
                ? Quota(max.Split(' ', StringSplitOptions.TrimEntries))
                : Quota([host.ReadText($"{folder}/cpu.cfs_quota_us")?.Trim() ?? "", host.ReadText($"{folder}/cpu.cfs_period_us")?.Trim() ?? ""]);
            least = quota is { } cores && !(least <= cores) ? cores : least;
        }

        return least;
    }

    public static long? MemoryBytes(HostView host)
    {
        long? least = null;
        foreach (var folder in Folders(host, "memory"))
        {
            var text = host.ReadText($"{folder}/memory.max") ?? host.ReadText($"{folder}/memory.limit_in_bytes");
            if (long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                && bytes is > 0 and < UnlimitedFrom
                && !(least <= bytes))
            {
                least = bytes;
            }
        }

        return least;
    }

    /// <summary>Processes of this group that the kernel has ended for want of memory; null: it does not count them here.</summary>
    public static long? OutOfMemoryKills(HostView host)
    {
        const string Label = "oom_kill ";
        foreach (var folder in Folders(host, "memory"))
        {
            var text = host.ReadText($"{folder}/memory.events") ?? host.ReadText($"{folder}/memory.oom_control");
            foreach (var line in text?.Split('\n') ?? [])
            {
                if (line.StartsWith(Label, StringComparison.Ordinal)
                    && long.TryParse(line.AsSpan(Label.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                {
                    return count;
                }
            }
        }

        return null;
    }

    private static double? Quota(string[] words) =>
        words.Length == 2
            && double.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var quota)
            && double.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var period)
            && quota > 0
            && period > 0
            ? quota / period
            : null;

    /// <summary>The group of this process for a controller, and all its ancestors.</summary>
    private static IEnumerable<string> Folders(HostView host, string controller)
    {
        foreach (var line in (host.ReadText("/proc/self/cgroup") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // hierarchy:controllers:path; version 2 has no controllers in its line.
            var parts = line.Split(':', 3);
            if (parts.Length != 3 || (parts[1].Length > 0 && !parts[1].Split(',').Contains(controller)))
            {
                continue;
            }

            var mount = parts[1].Length == 0 ? Mount : $"{Mount}/{controller}";
            for (var path = parts[2].TrimEnd('/'); ; path = path[..path.LastIndexOf('/')])
            {
                yield return mount + path;
                if (path.LastIndexOf('/') < 0)
                {
                    break;
                }
            }
        }
    }
}
