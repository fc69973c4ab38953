namespace Weft.Serialization;

/// <summary>
/// Lays a bundle's files out under their own names, as the program has them at home. Workers of one host may share the root: the directory is
/// filled under a name of its own and then renamed, so that it is either absent or complete.
/// </summary>
internal static class BundleDirectory
{
    /// <returns>The directory's full path.</returns>
    public static string Create(string root, BundleManifest manifest, IEnumerable<BundleEntry> entries, Func<BundleEntry, string> fileOf)
    {
        var directory = Path.Combine(Path.GetFullPath(root), manifest.Hash);
        if (Directory.Exists(directory))
        {
            return directory;
        }

        var unfinished = $"{directory}.{Guid.NewGuid():N}";
        try
        {
            Fill(unfinished, entries, fileOf);
            Directory.Move(unfinished, directory);
        }
        catch (IOException) when (Directory.Exists(directory))
        {
            // Another worker of this host was faster; its files are the same.
            Directory.Delete(unfinished, recursive: true);
        }
        catch
        {
            Directory.Delete(unfinished, recursive: true);
            throw;
        }

        return directory;
    }

    private static void Fill(string directory, IEnumerable<BundleEntry> entries, Func<BundleEntry, string> fileOf)
    {
        Directory.CreateDirectory(directory);
        foreach (var entry in entries)
        {
            var path = Path.Combine(directory, entry.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            HardLink.CreateOrCopy(fileOf(entry), path);
        }
    }
}
