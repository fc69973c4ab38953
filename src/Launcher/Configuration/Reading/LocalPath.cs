namespace Weft.Launcher;

/// <summary>Paths on the machine that reads the file.</summary>
internal static class LocalPath
{
    /// <param name="text">Absolute, with <c>~/</c>, or relative.</param>
    /// <param name="folder">What relative ones are relative to: the file's folder, so that it does not matter where the command is run.</param>
    public static string Full(string text, string folder)
    {
        var path = text is "~" || text.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + text[1..]
            : text;
        var full = Path.GetFullPath(path, folder);
        return full.Length > 1 ? full.TrimEnd('/') : full;
    }
}
