using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Weft.Autoscaler.Core;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Requests to the provider that are under way: they may take minutes, and nobody waits for them. Each launch is answered once.</summary>
internal sealed class NodeRequests(IClusterProvider provider, LaunchRequests requests, Action<string> log)
{
    private readonly ConcurrentQueue<LaunchAnswered> _answers = new();
    private readonly ConcurrentDictionary<NodeId, byte> _ending = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private int _steps;

    /// <summary>For the answer to a launch: files may have to be copied to hosts first.</summary>
    public TimeSpan LaunchLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>For the answer to an end, which is asked for again when there was none.</summary>
    public TimeSpan EndLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many times a request has begun or ended.</summary>
    public int Steps => Volatile.Read(ref _steps);

    /// <summary>Completes when none is under way.</summary>
    public Task EndedAsync() => Task.WhenAll(_running.Keys);

    public bool TryTakeAnswer([NotNullWhen(true)] out LaunchAnswered? answer) => _answers.TryDequeue(out answer);

    public void BeginLaunch(LaunchNodes launch, CancellationToken cancellation)
    {
        log($"launching {launch.Count} of {launch.Type}{(launch.IsSpot ? " (spot)" : "")}, from number {launch.First} on.");
        Begin(() => LaunchAsync(launch, cancellation));
    }

    /// <summary>Ends nodes; those that are being ended already are left to that.</summary>
    public void BeginEnd(IReadOnlyList<NodeId> nodes, string reason, CancellationToken cancellation)
    {
        var fresh = nodes.Where(node => _ending.TryAdd(node, 0)).ToArray();
        if (fresh.Length > 0)
        {
            log($"ending {string.Join(", ", fresh)}: {reason}");
            Begin(() => EndAsync(fresh, cancellation));
        }
    }

    private async Task LaunchAsync(LaunchNodes launch, CancellationToken cancellation)
    {
        try
        {
            var failures = await ProviderCall.RunAsync(ending => provider.LaunchAsync(requests.Of(launch), ending), LaunchLimit, cancellation).ConfigureAwait(false);
            foreach (var failure in failures)
            {
                Answer(failure.Node.Number, 1, new LaunchFailure(KindOf(failure.Kind), $"{failure.Node}: {failure.Message}"));
            }

            // Those that were taken, as runs between the others.
            var refused = failures.Select(static failure => failure.Node.Number).ToHashSet();
            var first = launch.First;
            for (var number = launch.First; number <= launch.First + launch.Count; number++)
            {
                if (number == launch.First + launch.Count || refused.Contains(number))
                {
                    if (number > first)
                    {
                        Answer(first, number - first, null);
                    }

                    first = number + 1;
                }
            }
        }
        catch (ProviderException failure)
        {
            Answer(launch.First, launch.Count, new LaunchFailure(KindOf(failure.Kind), failure.Message));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Answer(launch.First, launch.Count, new LaunchFailure(LaunchFailureKind.Transient, "the autoscaler ends."));
        }
        catch (Exception failure)
        {
            // Providers are somebody else's: without an answer the core would wait for these nodes for ever.
            Answer(launch.First, launch.Count, new LaunchFailure(LaunchFailureKind.Transient, ProviderCall.Words(failure)));
        }

        void Answer(int number, int count, LaunchFailure? failure)
        {
            if (failure is not null)
            {
                log($"{(count == 1 ? new NodeId(launch.Type, number).ToString() : $"{count} of {launch.Type}")} could not be launched: {failure.Message}");
            }

            _answers.Enqueue(new LaunchAnswered(launch.Type, number, count, failure));
        }
    }

    private async Task EndAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation)
    {
        try
        {
            await ProviderCall.RunAsync(
                async ending =>
                {
                    await provider.TerminateAsync(nodes, ending).ConfigureAwait(false);
                    return true;
                },
                EndLimit, cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            log($"{string.Join(", ", nodes)} could not be ended: {failure.Message}");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The next autoscaler ends them.
        }
        catch (Exception failure)
        {
            log($"{string.Join(", ", nodes)} could not be ended: {failure}");
        }
        finally
        {
            foreach (var node in nodes)
            {
                _ending.TryRemove(node, out _);
            }
        }
    }

    private void Begin(Func<Task> request)
    {
        Interlocked.Increment(ref _steps);
        var running = Task.Run(
            async () =>
            {
                await request().ConfigureAwait(false);
                Interlocked.Increment(ref _steps);
            },
            CancellationToken.None);
        _running.TryAdd(running, 0);
        _ = running.ContinueWith(ended => _running.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static LaunchFailureKind KindOf(FailureKind kind) => kind switch
    {
        FailureKind.Permanent => LaunchFailureKind.Permanent,
        FailureKind.Capacity => LaunchFailureKind.Capacity,
        FailureKind.Transient => LaunchFailureKind.Transient,
    };
}
