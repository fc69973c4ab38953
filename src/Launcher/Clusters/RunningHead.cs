namespace Weft.Launcher;

/// <summary>A head that runs, to which the cluster file is brought as it is now.</summary>
internal sealed class RunningHead(ClusterSite site, HeadLaunch head, Action<string> say)
{
    /// <summary>Looks that the cluster can follow the file; nothing is changed.</summary>
    /// <exception cref="LaunchException">It would take another head, or lose the nodes of before; the message says what is another.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        if (await head.ReadConfigurationAsync(cancellation).ConfigureAwait(false) is not { } text
            || ClusterFile.Parse(text, site.ConfigurationFile).Configuration is not { } before)
        {
            // None, or one of another version: nothing can be said of it.
            return;
        }

        var refused = FileChange.Refused(await LocatedAsync(before, cancellation).ConfigureAwait(false), await LocatedAsync(site.Configuration, cancellation).ConfigureAwait(false));
        if (refused.Count > 0)
        {
            var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
            throw new LaunchException(
                ExitCodes.Usage,
                $"cluster {before.ClusterName} runs and cannot follow this file: {string.Join(", ", refused)}. That takes 'weft down' with the file of before first; the head's copy of it is {folder.ConfigurationFile}.");
        }
    }

    /// <summary>Replaces the head's file, unless it is the same.</summary>
    /// <returns>Whether it was another: another autoscaler is about to follow.</returns>
    public async Task<bool> ReplaceFileAsync(CancellationToken cancellation)
    {
        if (await head.HasConfigurationAsync(cancellation).ConfigureAwait(false))
        {
            return false;
        }

        var text = await File.ReadAllTextAsync(site.ConfigurationFile, cancellation).ConfigureAwait(false);
        var before = await head.ReadConfigurationAsync(cancellation).ConfigureAwait(false);
        await head.BringConfigurationAsync(cancellation).ConfigureAwait(false);
        say("its cluster file was replaced by this one.");
        if (before is not null && FileChange.LeftToNextHead(before, text) is { Count: > 0 } left)
        {
            say($"the head goes on as it began: {string.Join(", ", left)} take effect there with the next 'weft down' and 'weft up'.");
        }

        return true;
    }

    private async Task<ClusterConfiguration> LocatedAsync(ClusterConfiguration configuration, CancellationToken cancellation) =>
        configuration with { SchedulerFile = await site.SchedulerFileAsync(configuration, cancellation).ConfigureAwait(false) };
}
