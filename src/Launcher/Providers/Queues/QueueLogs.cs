using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The folder on the shared volume that all nodes of a cluster write to, a file for each.</summary>
internal sealed class QueueLogs(string folder)
{
    /// <summary>The setting that names it.</summary>
    public const string Key = "log_directory";

    public string Folder => folder;

    /// <summary>What is wrong with it. Whoever submits reads it, the batch system, and the shell of a node: it has to mean the same to all of them.</summary>
    /// <param name="provider">Settings with it, or without.</param>
    /// <param name="special">Characters that the batch system reads in its own way.</param>
    public static IReadOnlyList<SettingProblem> Problems(Settings provider, params char[] special) => provider.Text(Key) switch
    {
        null => [],
        var path when !NodePathBinder.IsPath(path) => [new SettingProblem(Key, $"'{FileText.Shown(path)}' is no path there; allowed is {NodePathBinder.Allowed}")],
        var path when path.IndexOfAny(special) is var at and >= 0 =>
            [new SettingProblem(Key, $"'{FileText.Shown(path)}' is not allowed: a batch system reads '{path[at]}' in its own way; allowed is a path without {string.Join(", ", special[..^1].Select(Quoted))} and {Quoted(special[^1])}.")],
        _ => [],
    };

    /// <summary>Of the settings, or the cluster's own.</summary>
    public static QueueLogs Of(ClusterSettings settings) =>
        new(HomePath.Expand(settings.Provider.Text(Key) ?? $"{settings.Folder}/logs"));

    public string File(NodeId node) => $"{folder}/{node}.log";

    /// <summary>Queues do not make it, and hold a job whose output has no place for a failed one.</summary>
    /// <exception cref="ProviderException">It cannot be made.</exception>
    public void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(FailureKind.Permanent, $"the folder for the nodes' logs cannot be made: {failure.Message}", failure);
        }
    }

    /// <summary>The last lines of a file; none when there is no such file.</summary>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    public static IReadOnlyList<string> Read(string file, int lines)
    {
        try
        {
            return LogTail.Read(file, lines);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(FailureKind.Transient, $"the log {file} cannot be read: {failure.Message}", failure);
        }
    }

    private static string Quoted(char letter) => $"'{letter}'";
}
