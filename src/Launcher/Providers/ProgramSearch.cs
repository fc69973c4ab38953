namespace Weft.Launcher;

/// <summary>Looks for programs of this machine as a shell does.</summary>
internal static class ProgramSearch
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="name">A name, or a path.</param>
    /// <returns>Its path; null: there is none that may be run.</returns>
    public static string? Find(string name) =>
        name.Contains('/', StringComparison.Ordinal)
            ? IsProgram(name) ? name : null
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsProgram);

    private static bool IsProgram(string path) => new FileInfo(path) is { Exists: true } file && (file.UnixFileMode & Executable) != 0;
}
