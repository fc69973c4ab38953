namespace Weft.Launcher;

/// <summary>A part of a YAML file that knows where it stands; lines and columns count from one.</summary>
internal abstract record FileNode(int Line, int Column);

/// <param name="Line">Where it begins.</param>
/// <param name="Column">Where it begins.</param>
/// <param name="Text">Without quotes.</param>
/// <param name="IsQuoted">It was written in quotes or as a block: never null, whatever it says.</param>
internal sealed record FileScalar(int Line, int Column, string Text, bool IsQuoted) : FileNode(Line, Column)
{
    /// <summary>Nothing stands there: the key is as good as not given.</summary>
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed record FileList(int Line, int Column, IReadOnlyList<FileNode> Items) : FileNode(Line, Column);

internal sealed record FileMapping(int Line, int Column, IReadOnlyList<FileEntry> Entries) : FileNode(Line, Column);

internal sealed record FileEntry(FileScalar Key, FileNode Value);
