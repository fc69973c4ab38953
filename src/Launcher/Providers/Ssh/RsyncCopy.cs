using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Files and folders to and from a host by <c>rsync</c>, which must be installed at both ends.</summary>
internal static class RsyncCopy
{
    /// <summary>For one file or folder, however large; a host that says nothing for a minute ends it before.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromHours(12);

    /// <exception cref="ProviderException">It could not be copied.</exception>
    public static async Task ToHostAsync(SshHost host, NodeFile file, CancellationToken cancellation)
    {
        var isFolder = Directory.Exists(file.Source);
        if (!isFolder && !File.Exists(file.Source))
        {
            throw new ProviderException(FailureKind.Permanent, $"there is no file or folder '{file.Source}' to copy");
        }

        var made = await host.RunAsync($"mkdir -p {ShellText.QuotePath(isFolder ? file.Target : ParentOf(file.Target))}", input: null, TimeSpan.FromSeconds(30), cancellation).ConfigureAwait(false);
        if (!made.IsOk)
        {
            throw SshFailure.Of(host.Target, made.Complaint);
        }

        var target = host.Arguments.RemotePath(isFolder ? WithSlash(file.Target) : file.Target);
        await RunAsync(host, file, isFolder ? WithSlash(file.Source) : file.Source, target, cancellation).ConfigureAwait(false);
    }

    /// <summary><see cref="NodeFile.Source"/> is a path on the host, <see cref="NodeFile.Target"/> one here.</summary>
    /// <exception cref="ProviderException">It could not be copied.</exception>
    public static async Task FromHostAsync(SshHost host, NodeFile file, CancellationToken cancellation)
    {
        var found = await host.RunAsync($"[ -d {ShellText.QuotePath(file.Source)} ]", input: null, TimeSpan.FromSeconds(30), cancellation).ConfigureAwait(false);
        var isFolder = found.IsOk;
        Directory.CreateDirectory(isFolder ? file.Target : ParentOf(file.Target));
        var source = host.Arguments.RemotePath(isFolder ? WithSlash(file.Source) : file.Source);
        await RunAsync(host, file, source, isFolder ? WithSlash(file.Target) : file.Target, cancellation).ConfigureAwait(false);
    }

    /// <summary>The arguments that do not depend on where it goes.</summary>
    public static IReadOnlyList<string> Arguments(NodeFile file, string remoteShell) =>
    [
        // Whoever logs in there owns what is copied. Names of files are not for a shell there to read (-s).
        "-a", "--no-owner", "--no-group", "-s", "--timeout=60", "-e", remoteShell, .. Patterns(file),
    ];

    public static IEnumerable<string> Patterns(NodeFile file) =>
        file.Exclude.Select(static pattern => $"--exclude={pattern}").Concat(file.Filter.Select(static name => $"--filter=dir-merge,- {name}"));

    private static async Task RunAsync(SshHost host, NodeFile file, string from, string to, CancellationToken cancellation)
    {
        var socket = await host.ConnectAsync(cancellation).ConfigureAwait(false);
        var result = await host.RunAsync("rsync", [.. Arguments(file, host.Arguments.RemoteShell(socket)), "--", from, to], input: null, TimeMax, cancellation).ConfigureAwait(false);
        if (!result.IsOk)
        {
            throw new ProviderException(SshFailure.KindOf(result.Error), $"{host}: rsync of '{file.Source}': {SshFailure.Words(result.Error.Length > 0 ? result.Error : result.Complaint)}");
        }
    }

    private static string WithSlash(string path) => path.EndsWith('/') ? path : path + "/";

    private static string ParentOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";
}
