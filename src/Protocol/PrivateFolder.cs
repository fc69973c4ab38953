namespace Weft.Protocol;

/// <summary>Folders that are their owner's alone: code that is run, values and the cluster's secret are in them.</summary>
public static class PrivateFolder
{
    /// <summary>What the owner may do, and nobody else.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, or takes one that is there from all others.</summary>
    /// <exception cref="UnauthorizedAccessException">It is another user's, or may not be made.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, Mode);
        if (!FileOwner.IsThisUser(path))
        {
            throw new UnauthorizedAccessException($"'{path}' belongs to another user.");
        }

        if (File.GetUnixFileMode(path) != Mode)
        {
            // Somebody made it beforehand; nobody else is to look into it.
            File.SetUnixFileMode(path, Mode);
        }
    }

    /// <summary>The same in a folder that others may use, too, under a name that only we use.</summary>
    /// <param name="parent">Is there.</param>
    /// <param name="name">What it is for.</param>
    /// <returns>Its path.</returns>
    public static string CreateOwn(string parent, string name)
    {
        var path = Path.Combine(parent, $"{name}-{FileOwner.ThisUser}");
        Create(path);
        return path;
    }
}
