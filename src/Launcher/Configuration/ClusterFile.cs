using System.Text;

namespace Weft.Launcher;

/// <summary>Reads cluster files. Names and meaning of keys are those of Ray's cluster files where these have them; all keys are in <c>docs/cluster-file.md</c>.</summary>
public static class ClusterFile
{
    /// <summary>Nobody writes a larger one by hand.</summary>
    private const int BytesMax = 1 << 20;

    /// <summary>Fails where it would put another letter in place of one that it cannot read. It takes the mark of UTF-8 for its own, so that files with that mark are read as strictly.</summary>
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>Reads a file. What is wrong with it, also that it is not there, becomes problems.</summary>
    public static ClusterFileResult Read(string path) => Read(path, null);

    private static ClusterFileResult Read(string path, string? folder)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length > BytesMax ? TooLarge(path) : Parse(File.ReadAllText(path, Strict), path, folder);
        }
        catch (DecoderFallbackException)
        {
            return Failed(path, "the file is not in UTF-8: save it so.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Failed(path, File.Exists(path) ? failure.Message : Directory.Exists(path) ? "this is a folder." : "there is no such file.");
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">What the file says.</param>
    /// <param name="name">Its path, as messages name it; relative paths in it are relative to its folder.</param>
    public static ClusterFileResult Parse(string text, string name) => Parse(text, name, null);

    private static ClusterFileResult Parse(string text, string name, string? folder)
    {
        if (Encoding.UTF8.GetByteCount(text) > BytesMax)
        {
            return TooLarge(name);
        }

        var findings = new Findings(name);
        folder ??= Path.GetDirectoryName(Path.GetFullPath(name))!;
        var configuration = YamlTree.Read(text, findings) is { } root ? new ClusterBinder(findings, folder).Bind(root) : null;
        return new ClusterFileResult(findings.HasProblems ? null : configuration, findings.Problems);
    }

    /// <summary>Reads a file that has to be right.</summary>
    /// <exception cref="LaunchException">It is not; the message has all problems, one on each line.</exception>
    public static ClusterConfiguration Load(string path) => Load(path, null);

    /// <summary>Reads a copy of a file that has to be right.</summary>
    /// <param name="path">Of the copy.</param>
    /// <param name="folder">What relative paths in it are relative to; null: its own folder.</param>
    /// <exception cref="LaunchException">It is not; the message has all problems, one on each line.</exception>
    internal static ClusterConfiguration Load(string path, string? folder)
    {
        var result = Read(path, folder);
        return result.Configuration ?? throw new LaunchException(ExitCodes.Usage, string.Join('\n', result.Problems));
    }

    private static ClusterFileResult TooLarge(string name) => Failed(name, "the file has more than 1 MiB.");

    private static ClusterFileResult Failed(string name, string message) => new(null, [new ClusterFileProblem(name, 1, 1, "", message)]);
}
