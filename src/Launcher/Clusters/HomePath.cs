namespace Weft.Launcher;

/// <summary>Paths below a home, which is elsewhere on each machine: <c>~/…</c>.</summary>
internal static class HomePath
{
    private const string Prefix = "~/";

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The path on this machine.</summary>
    public static string ToAbsolute(string path) => path.StartsWith(Prefix, StringComparison.Ordinal) ? Path.Combine(Home, path[Prefix.Length..]) : path;

    /// <summary>The same path for any machine on which this user has a home; one that is not below the home stays as it is.</summary>
    public static string ToPortable(string path)
    {
        var home = Home.TrimEnd('/') + "/";
        return home.Length > 1 && path.StartsWith(home, StringComparison.Ordinal) ? Prefix + path[home.Length..] : path;
    }
}
