using System.Diagnostics;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// <c>weft up</c>: brings a cluster up, or finds the one of this name that runs and brings it to what the file says now. A failure, or a cancellation, takes down again what it started; what a killed one has
/// left is found by the next, and by <see cref="ClusterDown"/>.
/// </summary>
public sealed class ClusterUp(ClusterSite site, Action<string> say)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>A scheduler that was killed is back within seconds.</summary>
    private static readonly TimeSpan SilencePatience = TimeSpan.FromMinutes(5);

    private readonly HeadLaunch _head = new(site);
    private readonly StartUndo _undo = new(site, new HeadLaunch(site), say);
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
        site.RequireHeadMachine();
        try
        {
            await site.Provider.CheckAsync(cancellation).ConfigureAwait(false);
            return await FindOrStartAsync(waitForAll, cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }
    }

    /// <summary>Takes down again what <see cref="RunAsync"/> started: for who cannot use it after all.</summary>
    internal Task TakeDownAsync() => WasRunning ? Task.CompletedTask : _undo.RunAsync();

    private async Task<SchedulerReach> FindOrStartAsync(bool waitForAll, CancellationToken cancellation)
    {
        await using var turn = await StartTurn.TakeAsync(site.Head, site.Configuration.ClusterName, say, cancellation).ConfigureAwait(false);
        try
        {
            var reach = await ReachAsync(cancellation).ConfigureAwait(false);
            var before = WasRunning ? await BringToRunningAsync(reach, cancellation).ConfigureAwait(false) : null;
            await turn.DisposeAsync().ConfigureAwait(false);
            return await FollowAsync(reach, before, waitForAll, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await TakeDownAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<SchedulerReach> ReachAsync(CancellationToken cancellation)
    {
        if (await new HeadJoin(site, _head, _running, TimeProvider.System, say).RunAsync(cancellation).ConfigureAwait(false) is not { } running)
        {
            return await StartAsync(cancellation).ConfigureAwait(false);
        }

        WasRunning = true;
        say($"cluster {site.Configuration.ClusterName} is running.");
        return running;
    }

    private async Task<SchedulerReach> StartAsync(CancellationToken cancellation)
    {
        await _undo.LookAsync(await TellLeftAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        say($"starting the head on {(site.Configuration.Head.IsJob ? "a node" : site.Head.Name)}.");
        await _head.BringAsync(cancellation).ConfigureAwait(false);
        _undo.OnLaunch();
        await _head.LaunchAsync(cancellation).ConfigureAwait(false);
        return await new HeadWait(site, _head, say).RunAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Brings the file as it is now to a head that runs, and what it names: the mounts first, so that nodes which the new file asks for find them.</summary>
    private async Task<AutoscalerBefore> BringToRunningAsync(SchedulerReach reach, CancellationToken cancellation)
    {
        try
        {
            await _running.CheckAsync(cancellation).ConfigureAwait(false);
            await _head.BringFilesAsync(cancellation).ConfigureAwait(false);
            var report = (await reach.ProbeAsync(cancellation).ConfigureAwait(false)).Info?.Nodes;
            return new AutoscalerBefore(report?.AutoscalerId ?? "", report?.Failed ?? 0, await _running.ReplaceFileAsync(cancellation).ConfigureAwait(false));
        }
        catch
        {
            await reach.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Nodes of a head that is gone are not ended: with the same journal they go on where they were.</summary>
    private async Task<int> TellLeftAsync(CancellationToken cancellation)
    {
        var left = (await site.Provider.ListAsync(cancellation).ConfigureAwait(false)).Count(static node => node.Id != NodeMarks.Head && node.State is NodeState.Running or NodeState.Waiting);
        if (left > 0)
        {
            say($"{left} nodes of an earlier start are there without a head: the new one takes them over.");
        }

        return left;
    }

    private async Task<SchedulerReach> FollowAsync(SchedulerReach reach, AutoscalerBefore? before, bool waitForAll, CancellationToken cancellation)
    {
        try
        {
            var head = new HeadWait(site, _head, say);
            var progress = new NodeProgress(site.Configuration, before, waitForAll, TimeProvider.System, say);
            for (var answered = Stopwatch.GetTimestamp(); ;)
            {
                var probe = await reach.ProbeAsync(cancellation).ConfigureAwait(false);
                if (probe.Info is { } info)
                {
                    answered = Stopwatch.GetTimestamp();
                    if (progress.Look(info))
                    {
                        return reach;
                    }
                }
                else
                {
                    await head.LookAsync(cancellation).ConfigureAwait(false);
                    if (Stopwatch.GetElapsedTime(answered) > SilencePatience)
                    {
                        throw new LaunchException(probe.ExitCode, probe.Message);
                    }
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
}
