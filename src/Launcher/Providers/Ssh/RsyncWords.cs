using System.Text;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>How a file or folder is named to <c>rsync</c>, and what its exit codes mean; wherever it goes.</summary>
internal static class RsyncWords
{
    /// <summary>Of the names in one command. Linux takes about 2 MiB, the environment included.</summary>
    private const int NamesBytesMax = 256 << 10;

    /// <summary>Some files were gone before they could be copied: a folder that is in use.</summary>
    private const int Vanished = 24;

    public static bool HasCopied(this CommandResult result) => result.IsOk || result.ExitCode == Vanished;

    public static IEnumerable<string> Patterns(NodeFile file) => Excludes(file).Concat(file.Filter.Select(PerFolder));

    /// <summary>A link that is named stands for its file, as with <c>cp</c> and <c>scp</c>.</summary>
    public static IReadOnlyList<string> OfFile(NodeFile file, string source) => [.. Patterns(file), "--copy-links", "--", source];

    /// <summary>The folder as a whole, named with a slash at its end: its copy has its mode and time too.</summary>
    public static IReadOnlyList<string> OfFolder(NodeFile file, string source) => [.. Patterns(file), "--", source];

    /// <summary>
    /// What is in a folder, for one that there is already and that keeps its mode and time: they are somebody's home or shared place, and may not be ours to change. A command for each part of a long list;
    /// none when there is nothing in it.
    /// </summary>
    /// <param name="file">Says what is left out.</param>
    /// <param name="source">The folder, on this machine.</param>
    public static IEnumerable<IReadOnlyList<string>> OfContent(NodeFile file, string source)
    {
        var names = new List<string>();
        var bytes = 0;
        foreach (var name in Directory.EnumerateFileSystemEntries(Path.GetFullPath(source), "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false }))
        {
            if (bytes > NamesBytesMax)
            {
                yield return Command();
                names = [];
                bytes = 0;
            }

            names.Add(name);
            bytes += Encoding.UTF8.GetByteCount(name);
        }

        if (names.Count > 0)
        {
            yield return Command();
        }

        // A name that has gone meanwhile is a file that vanished.
        IReadOnlyList<string> Command() => [.. Excludes(file), .. file.Filter.SelectMany(filter => HereAndBelow(filter, source)), "--ignore-missing-args", "--", .. names];
    }

    private static IEnumerable<string> Excludes(NodeFile file) => file.Exclude.Select(static pattern => $"--exclude={pattern}");

    private static string PerFolder(string name) => $"--filter=dir-merge,- {name}";

    /// <summary>Where its entries are named, rsync does not look for the patterns of the folder itself.</summary>
    private static IEnumerable<string> HereAndBelow(string name, string folder)
    {
        yield return PerFolder(name);
        if (Path.GetFullPath(Path.Join(folder, name)) is var here && File.Exists(here))
        {
            yield return $"--filter=merge,- {here}";
        }
    }
}
