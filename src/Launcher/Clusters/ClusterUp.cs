using System.Diagnostics;
using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>
/// <c>weft up</c>: brings a cluster up, or finds the one of this name that runs and brings it to what the file says now. A failure, or a cancellation, takes down again what it started; what a killed one has
/// left is found by the next, and by <see cref="ClusterDown"/>.
/// </summary>
public sealed class ClusterUp(ClusterSite site, Action<string> say)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Commands that set up a head may take their time; a head that takes longer hangs.</summary>
    private static readonly TimeSpan HeadPatience = TimeSpan.FromMinutes(30);

    /// <summary>Between two questions to the provider about the head.</summary>
    private static readonly TimeSpan HeadLook = TimeSpan.FromSeconds(1);

    /// <summary>Of a head that has ended.</summary>
    private const int LogLines = 20;

    private readonly HeadLaunch _head = new(site);
    private readonly RunningHead _running = new(site, new HeadLaunch(site), say);

    /// <summary>The cluster, or at least its head, was there already, and was not started here: whatever happens, it is not taken down here.</summary>
    public bool WasRunning { get; private set; }

    /// <summary>Completes when the scheduler answers and as many nodes as the minimum are there; or wait in a queue, if <paramref name="waitForAll"/> is false.</summary>
    /// <param name="waitForAll">Also wait for nodes in queues.</param>
    /// <param name="cancellation">Ends it, and takes down what it started.</param>
    /// <returns>How the scheduler is reached from here: dispose it.</returns>
    /// <exception cref="LaunchException">It failed; the message says what, on which node, in the provider's own words.</exception>
    public async Task<SchedulerReach> RunAsync(bool waitForAll, CancellationToken cancellation)
    {
        try
        {
            await site.Provider.CheckAsync(cancellation).ConfigureAwait(false);
            if (await FindRunningAsync(cancellation).ConfigureAwait(false) is { } running)
            {
                WasRunning = true;
                return await FollowRunningAsync(running, waitForAll, cancellation).ConfigureAwait(false);
            }
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }

        return await StartAsync(waitForAll, cancellation).ConfigureAwait(false);
    }

    /// <summary>The scheduler of this name, if it answers.</summary>
    private async Task<SchedulerReach?> FindRunningAsync(CancellationToken cancellation)
    {
        if (await SchedulerReach.FindAsync(site, cancellation).ConfigureAwait(false) is not { } reach)
        {
            return null;
        }

        if (await InfoAsync(reach, cancellation).ConfigureAwait(false) is not null)
        {
            say($"cluster {site.Configuration.ClusterName} is running.");
            return reach;
        }

        await reach.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Brings the file as it is now to a head that runs, and what it names: the mounts first, so that nodes which the new file asks for find them.</summary>
    private async Task<SchedulerReach> FollowRunningAsync(SchedulerReach reach, bool waitForAll, CancellationToken cancellation)
    {
        AutoscalerBefore before;
        try
        {
            await _running.CheckAsync(cancellation).ConfigureAwait(false);
            await _head.BringFilesAsync(cancellation).ConfigureAwait(false);
            var report = (await InfoAsync(reach, cancellation).ConfigureAwait(false))?.Nodes;
            before = new AutoscalerBefore(report?.AutoscalerId ?? "", report?.Failed ?? 0, await _running.ReplaceFileAsync(cancellation).ConfigureAwait(false));
        }
        catch
        {
            await reach.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return await FollowAsync(reach, before, waitForAll, cancellation).ConfigureAwait(false);
    }

    private async Task<SchedulerReach> StartAsync(bool waitForAll, CancellationToken cancellation)
    {
        try
        {
            if (await _head.FindAsync(cancellation).ConfigureAwait(false) is { State: NodeState.Running or NodeState.Waiting } other)
            {
                WasRunning = true;

                // With another scheduler file it would be waited for in vain.
                await _running.CheckAsync(cancellation).ConfigureAwait(false);
                say($"a head is there ({other.SystemName}); waiting for its scheduler.");
            }
            else
            {
                await TellLeftAsync(cancellation).ConfigureAwait(false);
                say($"starting the head on {(site.Configuration.Head.IsJob ? "a node" : site.Head.Name)}.");
                await _head.BeginAsync(cancellation).ConfigureAwait(false);
            }

            return await FollowAsync(await HeadAsync(cancellation).ConfigureAwait(false), null, waitForAll, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (!WasRunning)
            {
                say("taking down what was started.");
                await new ClusterDown(site, say).CleanUpAsync().ConfigureAwait(false);
            }

            if (failure is ProviderException refused)
            {
                throw new LaunchException(ExitCodes.Failure, refused.Message);
            }

            throw;
        }
    }

    /// <summary>Nodes of a head that is gone are not ended: with the same journal they go on where they were.</summary>
    private async Task TellLeftAsync(CancellationToken cancellation)
    {
        var left = (await site.Provider.ListAsync(cancellation).ConfigureAwait(false)).Count(static node => node.Id != NodeMarks.Head && node.State is NodeState.Running or NodeState.Waiting);
        if (left > 0)
        {
            say($"{left} nodes of an earlier start are there without a head: the new one takes them over.");
        }
    }

    private async Task<SchedulerReach> HeadAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var looked = began;
        var told = "";
        while (true)
        {
            if (await FindStartedAsync(cancellation).ConfigureAwait(false) is { } reach)
            {
                return reach;
            }

            if (Stopwatch.GetElapsedTime(looked) > HeadLook)
            {
                looked = Stopwatch.GetTimestamp();
                var node = await _head.FindAsync(cancellation).ConfigureAwait(false);
                if (node is not { State: NodeState.Running or NodeState.Waiting })
                {
                    throw new LaunchException(ExitCodes.Failure, await EndedAsync(node, cancellation).ConfigureAwait(false));
                }

                if (node.Detail is { } detail && detail != told)
                {
                    told = detail;
                    say($"{node.Id} ({node.SystemName}): {detail}");
                }
            }

            if (Stopwatch.GetElapsedTime(began) > HeadPatience)
            {
                throw new LaunchException(ExitCodes.Failure, $"the head has no scheduler after {HeadPatience.TotalMinutes:0} minutes.{await LogAsync(cancellation).ConfigureAwait(false)}");
            }

            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A file of before may still be there: only an answer counts.</summary>
    private async Task<SchedulerReach?> FindStartedAsync(CancellationToken cancellation)
    {
        if (await SchedulerReach.FindAsync(site, cancellation).ConfigureAwait(false) is not { } reach)
        {
            return null;
        }

        if (await InfoAsync(reach, cancellation).ConfigureAwait(false) is not null)
        {
            return reach;
        }

        await reach.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    private async Task<string> EndedAsync(ClusterNode? node, CancellationToken cancellation) =>
        $"the head ended{(node?.Detail is { } detail ? $": {detail}" : ".")}{await LogAsync(cancellation).ConfigureAwait(false)}";

    private async Task<string> LogAsync(CancellationToken cancellation)
    {
        var lines = await _head.ReadLogAsync(LogLines, cancellation).ConfigureAwait(false);
        return lines.Count == 0 ? "" : $"\nIts last lines:\n  {string.Join("\n  ", lines)}";
    }

    private async Task<SchedulerReach> FollowAsync(SchedulerReach reach, AutoscalerBefore? before, bool waitForAll, CancellationToken cancellation)
    {
        try
        {
            var progress = new NodeProgress(site.Configuration, before, waitForAll, say);
            while (true)
            {
                var info = await InfoAsync(reach, cancellation).ConfigureAwait(false);
                if (info is null && await _head.FindAsync(cancellation).ConfigureAwait(false) is not { State: NodeState.Running or NodeState.Waiting })
                {
                    throw new LaunchException(ExitCodes.Failure, await LogAsync(cancellation).ConfigureAwait(false) is { Length: > 0 } log ? $"the head has ended.{log}" : "the head has ended.");
                }

                if (info is not null && progress.Look(info))
                {
                    return reach;
                }

                await Task.Delay(Poll, cancellation).ConfigureAwait(false);
            }
        }
        catch
        {
            await reach.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<V1.ClusterInfo?> InfoAsync(SchedulerReach reach, CancellationToken cancellation) =>
        (await new SchedulerSearch(reach.SchedulerFile, null, TimeProvider.System, static _ => { }).TryAsync(cancellation).ConfigureAwait(false)).Info;
}
