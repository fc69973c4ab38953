namespace Weft.Provisioning;

/// <summary>A file or folder that a node needs before its script begins. Brought there by providers whose nodes do not see the file systems of the machine they are launched from.</summary>
/// <param name="Source">An absolute path on the machine that launches; a folder is copied with what is in it.</param>
/// <param name="Target">An absolute path on the node, or one that begins with <c>~/</c>.</param>
public sealed record NodeFile(string Source, string Target)
{
    /// <summary>Patterns as <c>rsync --exclude</c> takes them.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Names of files with patterns, as <c>rsync --filter 'dir-merge,- NAME'</c> takes them.</summary>
    public IReadOnlyList<string> Filter { get; init; } = [];
}
