namespace Weft.Launcher;

/// <summary>Removes a cluster's folder, by <c>/bin/sh</c>: what jobs have written stays. Where there is none, nothing is to be done.</summary>
internal static class FolderRemoval
{
    /// <param name="folder">An absolute path, or one that begins with <c>~/</c>.</param>
    public static string Script(string folder) =>
        $$"""
        folder={{ShellText.QuotePath(folder)}}
        test -d "$folder" || exit 0
        rmdir "$folder/jobs" 2> /dev/null
        find "$folder" -mindepth 1 -maxdepth 1 ! -name jobs -exec rm -rf {} +
        rmdir "$folder" 2> /dev/null
        test ! -d "$folder" || test -d "$folder/jobs"

        """;
}
