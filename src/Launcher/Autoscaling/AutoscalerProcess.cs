using Weft.Autoscaler.Core;
using Weft.Primitives;
using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>
/// <c>weft autoscale</c>: looks about once a second what nodes there are and what the scheduler has to do, has the core decide, and carries that out. All it knows is in the systems it asks: it may be killed and
/// started again at any time.
/// </summary>
public sealed class AutoscalerProcess : IAsyncDisposable
{
    private readonly Action<string> _log;
    private readonly WatchedConfiguration _watched;
    private readonly ProviderEnd _providerEnd;
    private readonly AutoscalerCore _core;
    private readonly NodeLooks _looks;
    private readonly SchedulerTalk _scheduler;
    private readonly NodeRequests _requests;
    private readonly NumberStore _numbers;
    private readonly NodeFailures _failures = new();
    private readonly LookPace _pace = new();

    /// <param name="folder">The cluster's folder.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <exception cref="LaunchException">The cluster's file cannot be read, or names a provider that cannot be made.</exception>
    public AutoscalerProcess(string folder, Action<string> log)
    {
        var place = new ClusterFolder(folder);
        _log = log;
        _watched = new WatchedConfiguration(place);
        var provider = ProviderOf(Configuration, place, log);
        _providerEnd = new ProviderEnd(provider, log);
        _core = new AutoscalerCore(AutoscalerSettings.Of(Configuration));
        _looks = new NodeLooks(provider, log);
        _scheduler = new SchedulerTalk(Configuration.SchedulerFile!, new TargetStore(place), log);
        _requests = new NodeRequests(provider, new LaunchRequests(Configuration, place, WeftProgram.Path), log);
        _numbers = new NumberStore(place, log);
        _ = Apply(new NumbersGivenOut(_numbers.Last));
    }

    private ClusterConfiguration Configuration => _watched.Current;

    /// <summary>Runs until the cluster is over, its file has changed, or it is asked to stop.</summary>
    /// <returns>
    /// <see cref="ExitCodes.Ok"/>: the cluster is over; <see cref="ExitCodes.RestartWanted"/>: another is to be started, which follows the new file; <see cref="ExitCodes.SignalBase"/> and SIGTERM: it was asked
    /// to stop, which says nothing of the cluster.
    /// </returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        // Requests that are under way when it ends are given up: the next one finds what became of them.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (true)
            {
                var told = _watched.Problem;
                if (_watched.HasChanged())
                {
                    _log("the cluster file has changed: starting again with it.");
                    return ExitCodes.RestartWanted;
                }

                if (_watched.Problem is { } problem && problem != told)
                {
                    _log(problem);
                }

                if (await LookAsync(ending.Token).ConfigureAwait(false))
                {
                    return ExitCodes.Ok;
                }

                var pause = _pace.Next(Environment.TickCount64, _looks.Nodes, _requests.Steps, _scheduler.Target);
                await (_scheduler.HasAnswered ? Task.Delay(pause, stop) : _scheduler.AppearsAsync(pause, stop)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.SignalBase + ChildProcesses.Sigterm;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await _requests.EndedAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _scheduler.Dispose();
        await _providerEnd.DisposeAsync().ConfigureAwait(false);
    }

    /// <returns>Whether the cluster is over.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        await _looks.LookAsync(cancellation).ConfigureAwait(false);
        var heard = await TellAsync(cancellation).ConfigureAwait(false);
        if (heard is null && !_scheduler.HasAnswered)
        {
            // It was started at the same time as this.
            return false;
        }

        while (_requests.TryTakeAnswer(out var answer))
        {
            _failures.Note(answer);
            _ = Apply(answer);
        }

        var observation = Observations.Of(Configuration, _looks, heard, _scheduler.Target);
        if (_failures.Note(_looks, observation.Workers) is { Count: > 0 } failed)
        {
            // A queue may keep what has failed until it is told not to.
            _requests.BeginEnd(failed, "it failed", cancellation);
        }

        foreach (var action in Apply(new Observed(observation)))
        {
            if (action is EndHead end)
            {
                _log($"the cluster ends: {end.Reason}");
                await _providerEnd.CleanUpAsync(cancellation).ConfigureAwait(false);
                return true;
            }

            await CarryOutAsync(action, observation, cancellation).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Tells the scheduler of the nodes, and once more when that brings a new size: who asked for it waits to hear that it is followed.</summary>
    private async Task<V1.ScalingDemand?> TellAsync(CancellationToken cancellation)
    {
        var followed = _scheduler.Target;
        var heard = await ReportAsync().ConfigureAwait(false);
        return _scheduler.Target.Equals(followed) ? heard : await ReportAsync().ConfigureAwait(false);

        Task<V1.ScalingDemand?> ReportAsync() => _scheduler.ReportAsync(NodesReports.Of(Configuration, _watched.Problem, _looks, _core.Report, _failures, _scheduler.Target), cancellation);
    }

    private static IClusterProvider ProviderOf(ClusterConfiguration configuration, ClusterFolder folder, Action<string> log)
    {
        try
        {
            return ProviderCatalog.Create(configuration, configuration.SettingsFor(HomePath.ToPortable(folder.Path), log));
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Usage, failure.Message);
        }
    }

    private IReadOnlyList<AutoscalerAction> Apply(AutoscalerEvent happened) => _core.Apply(new Stamped<AutoscalerEvent>(Environment.TickCount64, happened));

    private Task CarryOutAsync(AutoscalerAction action, Observation observation, CancellationToken cancellation)
    {
        switch (action)
        {
            case LaunchNodes launch:
                _numbers.Note(launch);
                _requests.BeginLaunch(launch, cancellation);
                return Task.CompletedTask;
            case DrainNodes drain:
                _log($"draining {string.Join(", ", drain.Nodes)}: {drain.Reason}");
                var workers = observation.Workers.Where(worker => worker.Node is { } node && drain.Nodes.Contains(node)).Select(static worker => worker.Name).ToArray();
                return _scheduler.DrainAsync(workers, drain.Reason, cancellation);
            case TerminateNodes terminate:
                _requests.BeginEnd([.. terminate.Nodes.Select(static node => new NodeId(node.Type, node.Number))], terminate.Reason, cancellation);
                return Task.CompletedTask;
            default:
                throw new InvariantException($"An action of kind {action.GetType().Name} is carried out by nobody.");
        }
    }
}
