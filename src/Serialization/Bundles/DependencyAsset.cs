namespace Weft.Serialization;

internal enum DependencyAssetKind : byte
{
    Assembly,
    Native,
}

/// <summary>A file that a *.deps.json names.</summary>
/// <param name="PackageFolder">The package's folder under a package root, as in "sqlite/3.1.0"; empty for the program's own files.</param>
/// <param name="Path">The file's path within the package, as in "runtimes/linux-x64/native/libfoo.so".</param>
/// <param name="Kind">Managed or native.</param>
/// <param name="RuntimeId">The machines that it is for; empty for all.</param>
/// <param name="IsFlat">Whether the file stands beside the program under its bare name, as files that it always needs do, rather than under its path.</param>
internal readonly record struct DependencyAsset(string PackageFolder, string Path, DependencyAssetKind Kind, string RuntimeId, bool IsFlat)
{
    /// <summary>The file on this machine: beside the program (published, or a build that copies its dependencies), else in a folder of packages.</summary>
    public string? Locate(string programDirectory, IReadOnlyList<string> packageRoots)
    {
        var beside = System.IO.Path.Combine(programDirectory, IsFlat ? System.IO.Path.GetFileName(Path) : Path);
        if (File.Exists(beside))
        {
            return beside;
        }

        var inPackage = System.IO.Path.Combine(PackageFolder, Path);
        return PackageFolder.Length == 0 ? null : packageRoots.Select(root => System.IO.Path.Combine(root, inPackage)).FirstOrDefault(File.Exists);
    }
}
