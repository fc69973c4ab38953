using System.Security.Cryptography;
using System.Text;

namespace Weft.Scheduler;

/// <summary>Where the journal of a scheduler is.</summary>
/// <param name="Folder">Null: there is none.</param>
/// <param name="Note">What the operator should know of the choice; null: nothing.</param>
/// <param name="IsLocal">The folder is for the journals of this scheduler file on this host; which is the right one, its <see cref="JournalMark"/> says.</param>
public sealed record JournalPlace(string? Folder, string? Note = null, bool IsLocal = false)
{
    public const string Auto = "auto";

    public const string Off = "off";

    /// <summary>Of the folder beside a scheduler file.</summary>
    public const string Suffix = ".journal";

    /// <summary>Of a folder that is on a local disk because the scheduler file is not.</summary>
    public const string LocalPrefix = "weft-journal-";

    private const int HashChars = 16;

    /// <summary>
    /// <c>auto</c> is a folder beside the scheduler file, where a scheduler on another host finds it too; but not on a network mount, where a
    /// sync takes long and a lost server would stop the scheduler.
    /// </summary>
    /// <param name="asked"><c>auto</c>, <c>off</c> or a folder.</param>
    /// <param name="schedulerFile">Full path, without links; null: there is none.</param>
    /// <param name="surroundings">This host and user.</param>
    public static JournalPlace Of(string asked, string? schedulerFile, JournalSurroundings surroundings)
    {
        if (asked != Auto)
        {
            return new JournalPlace(asked == Off ? null : Path.GetFullPath(asked));
        }

        if (schedulerFile is null)
        {
            return new JournalPlace(Folder: null);
        }

        var beside = schedulerFile + Suffix;
        var mounts = new MountTable(surroundings.MountInfo);
        var type = mounts.TypeOf(schedulerFile);
        if (!MountTable.IsNetwork(type))
        {
            return new JournalPlace(beside);
        }

        var local = surroundings.StateFolders.FirstOrDefault(folder => !MountTable.IsNetwork(mounts.TypeOf(folder)));
        return local is null
            ? new JournalPlace(beside, $"the journal is {beside}, on a network mount ({type}), because no local folder was found: a sync may take long.")
            : Local(Path.Combine(local, $"{LocalPrefix}{KeyOf(schedulerFile, surroundings.User)}"), type);
    }

    private static JournalPlace Local(string folder, string type) => new(
        folder, $"the scheduler file is on a network mount ({type}), so the journal is in {folder}: a scheduler on another host does not find it (--journal DIR chooses).", IsLocal: true);

    /// <summary>Two clusters on one host, and two users, do not meet.</summary>
    private static string KeyOf(string schedulerFile, string user) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{user}\n{schedulerFile}")))[..HashChars];
}
