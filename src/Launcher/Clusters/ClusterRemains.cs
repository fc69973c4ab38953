using Weft.Scheduler;

namespace Weft.Launcher;

/// <summary>
/// What a cluster leaves on its head's machine when it is over: what its jobs and the nodes with this home have written stays, what it knew goes. Hosts with homes of their own were cleared before, by the
/// provider, with what the nodes there have written. A journal that somebody chose a place for outside the cluster's folder stays: it may be wanted.
/// </summary>
internal static class ClusterRemains
{
    /// <summary>What is there is gone afterwards, as far as it may be removed.</summary>
    /// <param name="folder">The cluster's.</param>
    /// <param name="schedulerFile">Absolute path.</param>
    /// <param name="journal">As the cluster file has it.</param>
    public static void Remove(ClusterFolder folder, string schedulerFile, string journal)
    {
        if (journal == JournalPlace.Auto)
        {
            var file = JournalSurroundings.WithoutLinks(schedulerFile);
            if (JournalPlace.Of(journal, file, JournalSurroundings.Current) is { IsLocal: true, Folder: { } local })
            {
                OwnedFolder.Remove(local);
            }

            OwnedFolder.Remove(schedulerFile + JournalPlace.Suffix);
        }

        foreach (var path in Directory.Exists(folder.Path) ? Directory.EnumerateFileSystemEntries(folder.Path) : [])
        {
            if (path == folder.Jobs || path == folder.Logs || path == folder.Nodes)
            {
                continue;
            }

            if (File.GetAttributes(path).HasFlag(FileAttributes.Directory))
            {
                OwnedFolder.Remove(path);
            }
            else
            {
                RemoveFile(path);
            }
        }

        // What nodes ran has the cluster's variables in it. The head's own is open still, and can be read to its end.
        foreach (var script in Directory.Exists(folder.Nodes) ? Directory.EnumerateFiles(folder.Nodes, $"*{NodeFolder.ScriptSuffix}", SearchOption.AllDirectories) : [])
        {
            RemoveFile(script);
        }
    }

    private static void RemoveFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next 'weft down' tries again, and complains.
        }
    }
}
