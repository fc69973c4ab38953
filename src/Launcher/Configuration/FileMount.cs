namespace Weft.Launcher;

/// <summary>A file or folder here, and the path that it gets on nodes.</summary>
public readonly record struct FileMount(string Source, string Target);
