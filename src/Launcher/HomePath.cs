namespace Weft.Launcher;

/// <summary>Paths of people: <c>~/</c> in front is the home, which is elsewhere on each machine.</summary>
internal static class HomePath
{
    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The path on this machine.</summary>
    public static string Expand(string path) => path == "~" ? Home : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home, path[2..]) : path;

    /// <summary>The same path for any machine on which this user has a home; one that is not below the home stays as it is.</summary>
    public static string ToPortable(string path)
    {
        var home = Home.TrimEnd('/') + "/";
        return home.Length > 1 && path.StartsWith(home, StringComparison.Ordinal) ? $"~/{path[home.Length..]}" : path;
    }
}
