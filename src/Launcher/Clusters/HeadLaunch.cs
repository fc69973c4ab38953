using System.Text;
using Weft.Provisioning;
using Weft.Scheduler;

namespace Weft.Launcher;

/// <summary>Starts and ends the head, wherever it runs, and says how it is.</summary>
internal sealed class HeadLaunch(ClusterSite site)
{
    private readonly HeadProgram _program = new(site);

    private ClusterConfiguration Configuration => site.Configuration;

    /// <summary>See <see cref="ClusterFolder.OriginFile"/>.</summary>
    private string Origin => Path.GetDirectoryName(site.ConfigurationFile)!;

    /// <summary>The head as its provider knows it; null: there is none.</summary>
    public async Task<ClusterNode?> FindAsync(CancellationToken cancellation)
    {
        var provider = await ProviderAsync(cancellation).ConfigureAwait(false);
        return (await provider.ListAsync(cancellation).ConfigureAwait(false)).FirstOrDefault(static node => node.Id == NodeMarks.Head);
    }

    public async Task<IReadOnlyList<string>> ReadLogAsync(int lines, CancellationToken cancellation)
    {
        var provider = await ProviderAsync(cancellation).ConfigureAwait(false);
        return await provider.ReadLogAsync(NodeMarks.Head, lines, cancellation).ConfigureAwait(false);
    }

    public async Task EndAsync(CancellationToken cancellation)
    {
        var provider = await ProviderAsync(cancellation).ConfigureAwait(false);
        await provider.TerminateAsync([NodeMarks.Head], cancellation).ConfigureAwait(false);
    }

    /// <summary>Brings the cluster's files to the head.</summary>
    /// <exception cref="ProviderException">Its host cannot be reached, or they cannot be written there.</exception>
    public async Task BringAsync(CancellationToken cancellation)
    {
        var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
        var made = await site.Head.RunAsync($"umask 077 && mkdir -p {ShellText.Quote(folder.Logs)} {ShellText.Quote(folder.Jobs)} && chmod 700 {ShellText.Quote(folder.Path)} && rm -rf {ShellText.Quote(folder.Nodes)} && {TargetStore.ForgetEndScript(folder)}", null, cancellation).ConfigureAwait(false);
        if (!made.IsOk)
        {
            throw new ProviderException(FailureKind.Permanent, $"{folder.Path} on {site.Head.Name} cannot be made: {made.Complaint}");
        }

        await BringConfigurationAsync(cancellation).ConfigureAwait(false);
        await _program.BringAsync(cancellation).ConfigureAwait(false);
        await BringFilesAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Starts the head, unless there is one.</summary>
    /// <exception cref="ProviderException">It was refused, or its host cannot be reached.</exception>
    public async Task LaunchAsync(CancellationToken cancellation)
    {
        if (site.Head.IsThisMachine)
        {
            var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
            HeadMachine.Note(folder, isHere: !Configuration.Head.IsJob);
        }

        var provider = await ProviderAsync(cancellation).ConfigureAwait(false);
        var failures = await provider.LaunchAsync(Request, cancellation).ConfigureAwait(false);
        if (failures is [var failure, ..])
        {
            throw new ProviderException(failure.Kind, failure.Message);
        }
    }

    /// <summary>Replaces the cluster's file on the head: its autoscaler follows.</summary>
    public async Task BringConfigurationAsync(CancellationToken cancellation)
    {
        var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
        var content = Convert.ToBase64String(await File.ReadAllBytesAsync(site.ConfigurationFile, cancellation).ConfigureAwait(false));

        // Not as other files are copied: rsync passes over one of the same size and second, and a number in it may be another.
        var (target, draft) = (ShellText.Quote(folder.ConfigurationFile), ShellText.Quote($"{folder.ConfigurationFile}.new"));
        var kept = await site.Head.RunAsync($"umask 077; printf %s {ShellText.Quote(Origin)} > {ShellText.Quote(folder.OriginFile)} && base64 -d > {draft} && mv {draft} {target}", content, cancellation).ConfigureAwait(false);
        if (!kept.IsOk)
        {
            throw new ProviderException(FailureKind.Permanent, $"{folder.ConfigurationFile} on {site.Head.Name} cannot be written: {kept.Complaint}");
        }
    }

    /// <summary>Whether the head has the file as it is here now, from the same folder.</summary>
    public async Task<bool> HasConfigurationAsync(CancellationToken cancellation)
    {
        var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
        byte[] here = [.. Encoding.UTF8.GetBytes(Origin), .. await File.ReadAllBytesAsync(site.ConfigurationFile, cancellation).ConfigureAwait(false)];

        // By its bytes, as the autoscaler compares: a text may lose the mark of its encoding on the way.
        var read = await site.Head.RunAsync($"cat {ShellText.Quote(folder.OriginFile)} {ShellText.Quote(folder.ConfigurationFile)} | base64 | tr -d '\\n'", null, cancellation).ConfigureAwait(false);
        return read.IsOk && read.Output == Convert.ToBase64String(here);
    }

    /// <summary>The login key and what the file mounts, as they are now.</summary>
    public async Task BringFilesAsync(CancellationToken cancellation)
    {
        var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
        if (Configuration.Login.PrivateKey is { } key && !site.Head.IsThisMachine)
        {
            await site.Head.CopyToAsync(new NodeFile(HomePath.Expand(key), folder.PrivateKey), cancellation).ConfigureAwait(false);
        }

        // One that is not there yet, or is empty (/dev/null), tells the head nothing.
        if (!site.Head.IsThisMachine && Configuration.Provider.Text(SshKeys.KnownHosts) is { } known && new FileInfo(known) is { Exists: true, Length: > 0 })
        {
            await site.Head.CopyToAsync(new NodeFile(known, folder.KnownHosts), cancellation).ConfigureAwait(false);
        }

        foreach (var mount in Configuration.FileMounts)
        {
            await site.Head.CopyToAsync(new NodeFile(HomePath.Expand(mount.Source), mount.Target) { Exclude = Configuration.RsyncExclude, Filter = Configuration.RsyncFilter }, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The head's file, to tell whether it is another now; null: there is none.</summary>
    public async Task<string?> ReadConfigurationAsync(CancellationToken cancellation)
    {
        var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
        var read = await site.Head.RunAsync($"cat {ShellText.Quote(folder.ConfigurationFile)}", null, cancellation).ConfigureAwait(false);
        return read.IsOk ? read.Output : null;
    }

    /// <summary>Whether no cluster of this name, nor a scheduler on its file, has left anything on the head: what cannot be looked at counts as left.</summary>
    public async Task<bool> IsNewAsync(CancellationToken cancellation)
    {
        var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
        var journal = await site.SchedulerFileAsync(cancellation).ConfigureAwait(false) + JournalPlace.Suffix;
        var looked = await site.Head.RunAsync($"if [ -e {ShellText.Quote(folder.ConfigurationFile)} ] || [ -e {ShellText.Quote(journal)} ]; then exit 1; fi", null, cancellation).ConfigureAwait(false);
        return looked.IsOk;
    }

    /// <summary>What would be done, as a person would read it.</summary>
    public string Describe(ClusterFolder folder) =>
        (Configuration.Head.IsJob || !site.Head.IsThisMachine ? site.Provider : new LocalProvider(LocalSettings(folder))).Describe(Request);

    /// <summary>In the home of whoever the head runs as, which is not the one of this machine. All alike: a container takes no folder twice.</summary>
    private NodePaths Paths
    {
        get
        {
            var folder = new ClusterFolder(ClusterFolder.UsualOf(Configuration.ClusterName));
            return new NodePaths(_program.Path, Configuration.SchedulerFile ?? folder.SchedulerFile, folder.Path);
        }
    }

    private LaunchRequest Request => new()
    {
        Type = NodeMarks.HeadType,
        First = NodeMarks.Head.Number,
        Count = 1,
        Script = NodeScript.Head(Configuration, Paths),
        Capacity = Configuration.Head.Capacity,
        NodeSettings = Configuration.Head.NodeSettings,
    };

    /// <summary>A head on this machine is a process here, whatever the workers are.</summary>
    private async Task<IClusterProvider> ProviderAsync(CancellationToken cancellation) =>
        Configuration.Head.IsJob || !site.Head.IsThisMachine
            ? site.HeadProvider
            : new LocalProvider(LocalSettings(await site.FolderAsync(cancellation).ConfigureAwait(false)));

    private ClusterSettings LocalSettings(ClusterFolder folder) => new() { ClusterName = Configuration.ClusterName, Provider = Settings.None, Folder = folder.Path };
}
