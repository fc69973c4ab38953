using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Files and folders to and from a host by <c>rsync</c>, which must be installed at both ends.</summary>
internal static class RsyncCopy
{
    /// <summary>For one file or folder, however large; a host that says nothing for a minute ends it before.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromHours(12);

    /// <summary>What the host says of a folder that there is.</summary>
    private const string IsThere = "there";

    /// <exception cref="ProviderException">It could not be copied.</exception>
    public static async Task ToHostAsync(SshHost host, NodeFile file, CancellationToken cancellation)
    {
        var isFolder = Directory.Exists(file.Source);
        if (!isFolder && !File.Exists(file.Source))
        {
            throw new ProviderException(FailureKind.Permanent, $"there is no file or folder '{file.Source}' to copy");
        }

        var folder = ShellText.QuotePath(isFolder ? file.Target : ParentOf(file.Target));
        var made = await host.RunAsync($"if [ -d {folder} ]; then echo {IsThere}; else mkdir -p {folder}; fi", input: null, TimeSpan.FromSeconds(30), cancellation).ConfigureAwait(false);
        if (!made.IsOk)
        {
            throw SshFailure.Of(host.Target, made.Complaint);
        }

        var target = host.Arguments.RemotePath(isFolder ? WithSlash(file.Target) : file.Target);
        foreach (var words in !isFolder ? [RsyncWords.OfFile(file, file.Source)] : made.Output.Trim() == IsThere ? RsyncWords.OfContent(file, file.Source) : [RsyncWords.OfFolder(file, WithSlash(file.Source))])
        {
            await RunAsync(host, file, words, target, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary><see cref="NodeFile.Source"/> is a path on the host, <see cref="NodeFile.Target"/> one here.</summary>
    /// <exception cref="ProviderException">It could not be copied.</exception>
    public static async Task FromHostAsync(SshHost host, NodeFile file, CancellationToken cancellation)
    {
        var found = await host.RunAsync($"[ -d {ShellText.QuotePath(file.Source)} ]", input: null, TimeSpan.FromSeconds(30), cancellation).ConfigureAwait(false);
        var isFolder = found.IsOk;
        Directory.CreateDirectory(isFolder ? file.Target : ParentOf(file.Target));
        var source = host.Arguments.RemotePath(isFolder ? WithSlash(file.Source) : file.Source);
        var words = isFolder ? RsyncWords.OfFolder(file, source) : RsyncWords.OfFile(file, source);
        await RunAsync(host, file, words, isFolder ? WithSlash(file.Target) : file.Target, cancellation).ConfigureAwait(false);
    }

    private static async Task RunAsync(SshHost host, NodeFile file, IReadOnlyList<string> words, string target, CancellationToken cancellation)
    {
        var socket = await host.ConnectAsync(cancellation).ConfigureAwait(false);

        // Whoever logs in there owns what is copied. Names of files are not for a shell there to read (-s).
        string[] options = ["-a", "--no-owner", "--no-group", "-s", "--timeout=60", "-e", host.Arguments.RemoteShell(socket)];
        var result = await host.RunAsync("rsync", [.. options, .. words, target], input: null, TimeMax, cancellation).ConfigureAwait(false);
        if (!result.HasCopied())
        {
            throw new ProviderException(SshFailure.KindOf(result.Error), $"{host}: rsync of '{file.Source}': {SshFailure.Words(result.Error.Length > 0 ? result.Error : result.Complaint)}");
        }
    }

    private static string WithSlash(string path) => path.EndsWith('/') ? path : path + "/";

    private static string ParentOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";
}
