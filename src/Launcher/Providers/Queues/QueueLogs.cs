using System.Text;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The folder on the shared volume that all nodes of a cluster write to, a file for each.</summary>
internal sealed class QueueLogs(string folder)
{
    /// <summary>Lines are looked for in so many bytes at the end of a file.</summary>
    private const int TailBytesMax = 1 << 20;

    public string Folder => folder;

    /// <summary>Of the settings, or the cluster's own.</summary>
    public static QueueLogs Of(ClusterSettings settings) =>
        new(Expand(settings.Provider.Text("log_directory") ?? $"{settings.Folder}/logs"));

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
    public static async Task<IReadOnlyList<string>> ReadAsync(string file, int lines, CancellationToken cancellation)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var start = Math.Max(0, stream.Length - TailBytesMax);
            stream.Seek(start, SeekOrigin.Begin);
            using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
            var text = await reader.ReadToEndAsync(cancellation).ConfigureAwait(false);
            var all = text.Split('\n').Select(static line => line.TrimEnd('\r')).ToList();
            if (all[^1].Length == 0)
            {
                all.RemoveAt(all.Count - 1);
            }

            // The first line may have been cut.
            return all.Skip(Math.Max(start > 0 && all.Count > 1 ? 1 : 0, all.Count - lines)).ToList();
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

    private static string Expand(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;
}
