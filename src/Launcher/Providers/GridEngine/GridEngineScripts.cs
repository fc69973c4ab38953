using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// What nodes run, as files that only the user may read: the cluster's variables are in it, and execution hosts keep the script of a job where all can read it. They lie where nodes write their logs, which
/// no job begins without, or in the cluster's folder, where these are by default.
/// </summary>
internal sealed class GridEngineScripts(ClusterSettings settings)
{
    private readonly string _folder = settings.Provider.Text(QueueLogs.Key) is { } logs
        ? $"{HomePath.Expand(logs)}/scripts-{settings.ClusterName}"
        : $"{HomePath.Expand(settings.Folder)}/scripts";

    /// <summary>One for each submission: nodes that wait keep theirs whatever is submitted after them.</summary>
    public string FileOf(LaunchRequest part) => $"{_folder}/{new NodeId(part.Type, part.First)}.sh";

    /// <exception cref="ProviderException">It cannot be written.</exception>
    public void Write(LaunchRequest part)
    {
        try
        {
            WriteTo(FileOf(part), part.Script);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(FailureKind.Permanent, $"the file that nodes run cannot be written: {failure.Message}", failure);
        }
    }

    /// <exception cref="ProviderException">They cannot be removed.</exception>
    public void Remove()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was submitted.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(FailureKind.Permanent, $"what nodes ran cannot be removed: {failure.Message}", failure);
        }
    }

    /// <summary>As a person would type it.</summary>
    public string Describe(LaunchRequest part) =>
        $"(umask 077; mkdir -p {ShellText.Quote(_folder)}; cat > {ShellText.Quote(FileOf(part))}) <<'END_OF_NODE'\n{part.Script}{(part.Script.EndsWith('\n') ? "" : "\n")}END_OF_NODE\n";

    /// <summary>Replaced as a whole: a shell may be reading that of before.</summary>
    private void WriteTo(string file, string script)
    {
        var written = $"{file}.new";
        Directory.CreateDirectory(_folder);
        if (!OperatingSystem.IsWindows())
        {
            // Fails where the folder is somebody else's, who could put another script in place of ours.
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        PrivateText.Write(written, script);
        File.Move(written, file, overwrite: true);
    }
}
