using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Files and folders from one place of this machine to another: by <c>rsync</c>, or, where there is none, without patterns.</summary>
internal static class LocalCopy
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromHours(12);

    /// <exception cref="ProviderException">It could not be copied.</exception>
    public static async Task RunAsync(NodeFile file, CancellationToken cancellation)
    {
        var (source, target) = (Path.GetFullPath(HomePath.Expand(file.Source)), Path.GetFullPath(HomePath.Expand(file.Target)));
        var isFolder = Directory.Exists(source);
        if (!isFolder && !File.Exists(source))
        {
            throw new ProviderException(FailureKind.Permanent, $"there is no file or folder '{file.Source}' to copy");
        }

        if (source == target)
        {
            return;
        }

        try
        {
            var isThere = Directory.Exists(target);
            Directory.CreateDirectory(isFolder ? target : Path.GetDirectoryName(target)!);
            if (ProgramSearch.Find("rsync") is not null)
            {
                foreach (var words in !isFolder ? [RsyncWords.OfFile(file, source)] : isThere ? RsyncWords.OfContent(file, source) : [RsyncWords.OfFolder(file, source + "/")])
                {
                    await ByRsyncAsync(file, words, isFolder ? target + "/" : target, cancellation).ConfigureAwait(false);
                }
            }
            else
            {
                Plainly(file, isFolder, source, target, cancellation);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(FailureKind.Permanent, $"'{file.Source}' could not be copied to '{file.Target}': {failure.Message}", failure);
        }
    }

    private static async Task ByRsyncAsync(NodeFile file, IReadOnlyList<string> words, string target, CancellationToken cancellation)
    {
        var result = await ExternalCommand.RunAsync("rsync", ["-a", .. words, target], input: null, TimeMax, cancellation).ConfigureAwait(false);
        if (!result.HasCopied())
        {
            throw new ProviderException(FailureKind.Permanent, $"rsync of '{file.Source}': {SshFailure.Words(result.Complaint)}");
        }
    }

    private static void Plainly(NodeFile file, bool isFolder, string source, string target, CancellationToken cancellation)
    {
        if (file.Exclude.Count > 0 || file.Filter.Count > 0)
        {
            throw new ProviderException(FailureKind.Permanent, $"'{file.Source}' is to be copied without what patterns exclude: that needs the program 'rsync', which is not installed");
        }

        if (!isFolder)
        {
            File.Copy(source, target, overwrite: true);
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(source, folder)));
        }

        foreach (var one in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            File.Copy(one, Path.Combine(target, Path.GetRelativePath(source, one)), overwrite: true);
        }
    }
}
