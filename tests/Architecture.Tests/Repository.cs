using System.Reflection;
using System.Xml.Linq;

namespace Weft.Architecture.Tests;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    public static string Folder { get; } = Path.GetFullPath(typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(static attribute => attribute.Key == "RepositoryFolder").Value!);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    public static IEnumerable<string> Projects(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>Names of the projects that a project refers to.</summary>
    public static IEnumerable<string> References(string project) => Items(project, "ProjectReference")
        .Select(static path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    public static IEnumerable<string> Packages(string project) => Items(project, "PackageReference");

    public static IEnumerable<string> Frameworks(string project) => Items(project, "FrameworkReference");

    private static IEnumerable<string> Items(string project, string kind) => XDocument.Load(project)
        .Descendants(kind)
        .Select(static item => item.Attribute("Include")?.Value)
        .OfType<string>();
}
