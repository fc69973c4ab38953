namespace Weft.Launcher;

/// <summary>Paths of people: <c>~/</c> in front is the home.</summary>
internal static class HomePath
{
    public static string Expand(string path) => path == "~" ? Home : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home, path[2..]) : path;

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
