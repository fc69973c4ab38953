using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>
/// Finds the way to the scheduler of a head that is there, and stays. A cluster that is about to end would take with it what is given to it now: its end is waited for. Its autoscaler says whether it is, which
/// a scheduler that was started again a moment ago has not heard yet.
/// </summary>
/// <param name="site">The cluster.</param>
/// <param name="head">Its head.</param>
/// <param name="running">The same.</param>
/// <param name="time">Measures how long is waited, and waits.</param>
/// <param name="say">Takes lines for people.</param>
internal sealed class HeadJoin(ClusterSite site, HeadLaunch head, RunningHead running, TimeProvider time, Action<string> say)
{
    /// <summary>More than an autoscaler waits for nodes that are ending.</summary>
    internal static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(35);

    /// <summary>For the first report: the next autoscaler starts within seconds, and may have to ask many hosts. One that cannot even start, for its file is wrong, may need the file that is brought to it now.</summary>
    internal static readonly TimeSpan ReportPatience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private readonly HeadWait _wait = new(site, head, say);

    /// <summary>Since when a scheduler answers that has heard of no nodes; null: none has.</summary>
    private long? _silentSince;

    /// <summary>Since when the cluster is known to be ending; null: it is not known to be.</summary>
    private long? _endingSince;

    /// <returns>Dispose it. Null: there is no head, or none any more.</returns>
    /// <exception cref="LaunchException">It cannot be joined; or it is ending, and does not end.</exception>
    /// <exception cref="ProviderException">Where the head would be cannot be reached.</exception>
    public async Task<SchedulerReach?> RunAsync(CancellationToken cancellation)
    {
        var (reach, probe) = await HeadWait.FindAsync(site, cancellation).ConfigureAwait(false);
        if (reach is null && !await IsThereAsync(cancellation).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            // What is out of reach from here on is so for a moment.
            while (probe.Info is null || !Stays(probe.Info.Nodes))
            {
                if (probe.Info is not null)
                {
                    await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
                }
                else if (reach is not null)
                {
                    // It may answer elsewhere by now.
                    await reach.DisposeAsync().ConfigureAwait(false);
                    reach = null;
                }

                reach ??= await _wait.RunAsync(cancellation).ConfigureAwait(false);
                probe = await reach.ProbeAsync(cancellation).ConfigureAwait(false);
            }

            return reach;
        }
        catch (HeadEndedException)
        {
            // It was about to end, or had failed, before this start.
            return null;
        }
        catch
        {
            if (reach is not null)
            {
                await reach.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task<bool> IsThereAsync(CancellationToken cancellation)
    {
        if (await head.FindAsync(cancellation).ConfigureAwait(false) is not { State: NodeState.Running or NodeState.Waiting } there)
        {
            return false;
        }

        // With another scheduler file it would be waited for in vain.
        await running.CheckAsync(cancellation).ConfigureAwait(false);
        say($"a head is there ({there.SystemName}); waiting for its scheduler.");
        return true;
    }

    /// <param name="report">What the scheduler has heard of the nodes.</param>
    /// <exception cref="LaunchException">It has been ending for too long.</exception>
    private bool Stays(V1.NodesReport? report)
    {
        if (report is { Ending: false })
        {
            return true;
        }

        if (report is null && _endingSince is null)
        {
            return Waited(ref _silentSince, $"cluster {site.Configuration.ClusterName} is there; waiting for its autoscaler.") > ReportPatience;
        }

        if (Waited(ref _endingSince, $"cluster {site.Configuration.ClusterName} is ending; it is started anew when it has.") > EndPatience)
        {
            throw new LaunchException(ExitCodes.Failure, $"cluster {site.Configuration.ClusterName} is ending, and is not gone after {EndPatience.TotalMinutes:0} minutes: 'weft status' says what it waits for, 'weft down' ends it.");
        }

        return false;
    }

    /// <summary>For how long it has been so; a line says it when it begins.</summary>
    private TimeSpan Waited(ref long? since, string line)
    {
        if (since is null)
        {
            since = time.GetTimestamp();
            say(line);
        }

        return time.GetElapsedTime(since.Value);
    }
}
