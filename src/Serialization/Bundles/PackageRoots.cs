namespace Weft.Serialization;

/// <summary>The folders in which restored packages stand on this machine, for programs that run from their build output.</summary>
internal static class PackageRoots
{
    public static IReadOnlyList<string> All { get; } = Find();

    private static string[] Find()
    {
        var probing = (AppContext.GetData("PROBING_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var configured = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? "";
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return [.. probing.Append(configured).Append(Path.Combine(home, ".nuget", "packages")).Where(Directory.Exists).Distinct()];
    }
}
