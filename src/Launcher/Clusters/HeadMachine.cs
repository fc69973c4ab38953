namespace Weft.Launcher;

/// <summary>
/// Says which machine a head is a process of. Homes are shared between the hosts of a site: on another login host the files of the cluster are there, and its head is not.
/// </summary>
internal static class HeadMachine
{
    /// <summary>Writes this machine down, before a head is started on it.</summary>
    /// <param name="folder">The cluster's, on this machine: an absolute path.</param>
    /// <param name="isHere">The head will be a process here; otherwise whoever looks for it asks the queue.</param>
    public static void Note(ClusterFolder folder, bool isHere)
    {
        if (isHere)
        {
            File.WriteAllLines(folder.MachineFile, This());
        }
        else
        {
            File.Delete(folder.MachineFile);
        }
    }

    /// <summary>The name of the other machine that the head is on; null: it is this one, or nobody knows.</summary>
    /// <remarks>A machine that was renamed has not been started anew since, and one that was has its name still: it is another when both differ.</remarks>
    /// <param name="folder">The cluster's, as this machine sees it: an absolute path.</param>
    public static string? Other(ClusterFolder folder)
    {
        var here = This();
        return Read(folder.MachineFile) is [var name, var boot] && name != here[0] && boot != here[1] ? name : null;
    }

    private static string[] This() => [Environment.MachineName, HostBoot.Id];

    private static string[] Read(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
