using System.Diagnostics;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Waits for the scheduler of a head that was launched.</summary>
/// <param name="site">The cluster.</param>
/// <param name="head">Its head.</param>
/// <param name="say">Takes lines for people: what the head waits for, and why its scheduler is not reached.</param>
internal sealed class HeadWait(ClusterSite site, HeadLaunch head, Action<string> say)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two questions to the provider about the head.</summary>
    private static readonly TimeSpan HeadLook = TimeSpan.FromSeconds(1);

    /// <summary>Of a head that has ended.</summary>
    private const int LogLines = 20;

    private string _toldOfHead = "";
    private string _toldOfScheduler = "";

    /// <summary>Completes when the scheduler answers.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How it is reached from here: dispose it.</returns>
    /// <exception cref="HeadEndedException">The head has ended.</exception>
    /// <exception cref="LaunchException">Its scheduler refuses us, or nobody answered in time; the message has the head's last lines.</exception>
    public async Task<SchedulerReach> RunAsync(CancellationToken cancellation)
    {
        var patience = new HeadPatience(TimeProvider.System);
        var looked = Stopwatch.GetTimestamp();
        while (true)
        {
            var (reach, probe) = await TryAsync(cancellation).ConfigureAwait(false);
            if (reach is not null)
            {
                return reach;
            }

            patience.OnAnswer(probe);
            if (Stopwatch.GetElapsedTime(looked) > HeadLook)
            {
                looked = Stopwatch.GetTimestamp();
                patience.OnHead(await LookAsync(cancellation).ConfigureAwait(false));
            }

            if (patience.IsRefused)
            {
                throw new LaunchException(ExitCodes.Refused, probe.Message);
            }

            if (patience.IsOver)
            {
                throw new LaunchException(ExitCodes.Failure, $"the head has no scheduler after {HeadPatience.Longest.TotalMinutes:0} minutes{(probe.Message is { Length: > 0 } why ? $": {why}" : ".")}{await LogAsync(cancellation).ConfigureAwait(false)}");
            }

            if (patience.IsLong && probe.Message is { Length: > 0 } message)
            {
                Tell(ref _toldOfScheduler, $"waiting for the scheduler: {message}");
            }

            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The way to the cluster's scheduler, if it answers. A file of before may still be there: only an answer counts.</summary>
    /// <returns>Dispose it; without one, what was answered instead: nothing at all where there is no scheduler file.</returns>
    public static async Task<(SchedulerReach? Reach, ProbeResult Probe)> FindAsync(ClusterSite site, CancellationToken cancellation)
    {
        if (await SchedulerReach.FindAsync(site, cancellation).ConfigureAwait(false) is not { } reach)
        {
            return default;
        }

        ProbeResult probe = default;
        try
        {
            probe = await reach.ProbeAsync(cancellation).ConfigureAwait(false);
            return (probe.Info is null ? null : reach, probe);
        }
        finally
        {
            if (probe.Info is null)
            {
                await reach.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Looks that a head whose scheduler does not answer is there still.</summary>
    /// <returns>How it is: it runs, or waits. Null: its system could not be asked just now.</returns>
    /// <exception cref="HeadEndedException">It has ended.</exception>
    public async Task<NodeState?> LookAsync(CancellationToken cancellation)
    {
        ClusterNode? node;
        try
        {
            node = await head.FindAsync(cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure) when (failure.Kind == FailureKind.Transient)
        {
            Tell(ref _toldOfHead, failure.Message);
            return null;
        }

        if (node is not { State: NodeState.Running or NodeState.Waiting })
        {
            throw new HeadEndedException($"the head ended{(node?.Detail is { } end ? $": {end}" : ".")}{await LogAsync(cancellation).ConfigureAwait(false)}");
        }

        if (node.Detail is { } detail)
        {
            Tell(ref _toldOfHead, $"{node.Id} ({node.SystemName}): {detail}");
        }

        return node.State;
    }

    /// <summary>A host that cannot be reached just now is asked again.</summary>
    private async Task<(SchedulerReach? Reach, ProbeResult Probe)> TryAsync(CancellationToken cancellation)
    {
        try
        {
            return await FindAsync(site, cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure) when (failure.Kind == FailureKind.Transient)
        {
            return (null, ProbeResult.Failed(ExitCodes.NotReachable, failure.Message));
        }
    }

    private void Tell(ref string told, string line)
    {
        if (told != line)
        {
            told = line;
            say(line);
        }
    }

    /// <summary>To say why: no failure of its own.</summary>
    private async Task<string> LogAsync(CancellationToken cancellation)
    {
        try
        {
            var lines = await head.ReadLogAsync(LogLines, cancellation).ConfigureAwait(false);
            return lines.Count == 0 ? "" : $"\nIts last lines:\n  {string.Join("\n  ", lines)}";
        }
        catch (ProviderException)
        {
            return "";
        }
    }
}
