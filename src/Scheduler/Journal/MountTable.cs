using System.Text;

namespace Weft.Scheduler;

/// <summary>Which file system a path is on, by the text of <c>/proc/self/mountinfo</c>.</summary>
internal sealed class MountTable
{
    /// <summary>Other machines write there too, and the answer to a sync comes over a network or from a program.</summary>
    private static readonly HashSet<string> NetworkTypes = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "afs", "panfs", "pvfs2", "orangefs", "glusterfs", "ncpfs", "fuse", "fuseblk",
    };

    private readonly List<(string Point, string Type)> _mounts = [];

    public MountTable(string mountInfo)
    {
        foreach (var line in mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // 36 35 98:0 / /mnt/point rw,noatime master:1 - ext4 /dev/root rw: what stands before the dash varies in number.
            var halves = line.Split(" - ", 2);
            var fields = halves[0].Split(' ');
            if (halves.Length == 2 && fields.Length > 4)
            {
                _mounts.Add((Unescape(fields[4]), halves[1].Split(' ')[0]));
            }
        }
    }

    /// <summary>The type of the file system of a full path without links; empty when the table does not say.</summary>
    public string TypeOf(string path)
    {
        var best = ("", "");
        foreach (var (point, type) in _mounts)
        {
            // Of equal points the later one hides the earlier.
            if (point.Length >= best.Item1.Length && IsUnder(path, point))
            {
                best = (point, type);
            }
        }

        return best.Item2;
    }

    public static bool IsNetwork(string type) => NetworkTypes.Contains(type) || type.StartsWith("fuse.", StringComparison.Ordinal);

    private static bool IsUnder(string path, string point) =>
        point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);

    /// <summary>Blanks are written as <c>\040</c>.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
