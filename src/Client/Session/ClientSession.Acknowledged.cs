using Weft.Primitives;

namespace Weft.Client;

/// <summary>Who has to wait until the scheduler knows certain tasks, because he speaks of them in a call of its own, beside the stream.</summary>
internal sealed partial class ClientSession
{
    private readonly List<(int Generation, ulong Sequence, TaskCompletionSource Known)> _unknown = [];

    /// <summary>Completes when the scheduler has taken note of tasks.</summary>
    /// <exception cref="SchedulerLostException">Their session is gone.</exception>
    public Task WaitUntilKnownAsync(int generation, TaskRun tasks, CancellationToken cancellationToken) => WaitUntilKnownAsync(generation, tasks.End.Sequence, cancellationToken);

    private async Task WaitUntilKnownAsync(int generation, ulong sequence, CancellationToken cancellationToken)
    {
        var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _unknown.Add((generation, sequence, known));
            TellWhoAwaitsAcknowledgement();
        }

        await known.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (LossOf(generation) is { } loss)
        {
            throw TaskExceptions.Of(loss);
        }
    }

    /// <summary>Completes when the scheduler has taken note of all that was submitted so far.</summary>
    /// <returns>How much that was, and in which generation.</returns>
    /// <exception cref="SchedulerLostException">The session is gone.</exception>
    public async Task<(int Generation, ulong Submitted)> WaitUntilAllKnownAsync(CancellationToken cancellationToken)
    {
        var (generation, submitted) = Look(static core => (core.Generation, core.Submitted));
        if (submitted > 0)
        {
            await WaitUntilKnownAsync(generation, submitted, cancellationToken).ConfigureAwait(false);
        }

        return (generation, submitted);
    }

    /// <summary>Whether it is known here that all that was submitted then was forgotten by a restart of the cluster.</summary>
    public bool HasForgotten(int generation, ulong submitted) => Look(core => core.Generation != generation || core.ForgottenBelow >= submitted);

    /// <summary>Those who wait for a session that is gone are told too, and see that it is.</summary>
    private void TellWhoAwaitsAcknowledgement()
    {
        for (var i = _unknown.Count - 1; i >= 0; i--)
        {
            var (generation, sequence, known) = _unknown[i];
            if (known.Task.IsCompleted || generation != _core.Generation || _core.IsAcknowledged(sequence))
            {
                known.TrySetResult();
                _unknown.RemoveAt(i);
            }
        }
    }
}
