namespace Weft.Protocol;

/// <summary>Folders that are their owner's alone: code that is run, values and the cluster's secret are in them.</summary>
public static class PrivateFolder
{
    /// <summary>What the owner may do, and nobody else.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, or takes one that is there from all others.</summary>
    /// <exception cref="UnauthorizedAccessException">It is another user's, or may not be made.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Create(string path) => Create(path, mayBeLink: true);

    /// <summary>
    /// The same in a folder that others may use, too, under a name that only we use. A link is refused there, even one to a folder of ours: another may have made it, and may let it lead elsewhere later.
    /// </summary>
    /// <param name="parent">Is there.</param>
    /// <param name="name">What it is for.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="UnauthorizedAccessException">It is another user's or a link, or may not be made.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static string CreateOwn(string parent, string name)
    {
        var path = Path.Combine(parent, $"{name}-{FileOwner.ThisUser}");
        Create(path, mayBeLink: false);
        return path;
    }

    private static void Create(string path, bool mayBeLink)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, Mode);
        if (!FileOwner.IsThisUser(path, followsLink: mayBeLink))
        {
            throw new UnauthorizedAccessException($"'{path}' belongs to another user.");
        }

        if (!mayBeLink && new DirectoryInfo(path).LinkTarget is not null)
        {
            throw new UnauthorizedAccessException($"'{path}' is a link.");
        }

        if (File.GetUnixFileMode(path) != Mode)
        {
            // Somebody made it beforehand; nobody else is to look into it.
            File.SetUnixFileMode(path, Mode);
        }
    }
}
