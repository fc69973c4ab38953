namespace Weft.Serialization;

/// <summary>One file of a bundle as its manifest names it.</summary>
/// <param name="Path">Where the file stands in the bundle's directory; relative, with forward slashes.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="RuntimeId">The only kind of machine that it is for, as in "linux-x64"; empty for all.</param>
/// <param name="AssemblyName">The simple name of an assembly; empty for other files.</param>
/// <param name="Sha256">The file's content, as lower-case hexadecimal SHA-256.</param>
/// <param name="Length">Bytes.</param>
public sealed record BundleEntry(string Path, BundleEntryKind Kind, string RuntimeId, string AssemblyName, string Sha256, long Length)
{
    /// <summary>Whether the path stays inside the directory that it is put into: to be asked of every entry that came from a peer.</summary>
    internal bool IsSafe =>
        Path.Length > 0
        && !Path.Contains('\\') && !Path.Contains(':') && !Path.Contains('\0')
        && Path.Split('/').All(part => part is not ("" or "." or ".."));
}
