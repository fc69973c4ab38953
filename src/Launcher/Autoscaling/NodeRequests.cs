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

    /// <summary>A request is under way, or has an answer.</summary>
    public bool AreAny => !_running.IsEmpty || !_answers.IsEmpty;

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
            var failures = await provider.LaunchAsync(requests.Of(launch), cancellation).ConfigureAwait(false);
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
        catch (OperationCanceledException)
        {
            Answer(launch.First, launch.Count, new LaunchFailure(LaunchFailureKind.Transient, "the autoscaler ends."));
        }
        catch (Exception failure)
        {
            // Providers are somebody else's: without an answer the core would wait for these nodes for ever.
            Answer(launch.First, launch.Count, new LaunchFailure(LaunchFailureKind.Transient, $"{failure.GetType().Name}: {failure.Message}"));
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
            await provider.TerminateAsync(nodes, cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            log($"{string.Join(", ", nodes)} could not be ended: {failure.Message}");
        }
        catch (OperationCanceledException)
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
        var running = Task.Run(request, CancellationToken.None);
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
