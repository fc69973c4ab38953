using Weft.Primitives;

namespace Weft.Client;

/// <summary>Who has to wait until the scheduler knows certain tasks, because he speaks of them in a call of its own, beside the stream.</summary>
internal sealed partial class ClientSession
{
    private readonly List<(int Generation, ulong Sequence, TaskCompletionSource Known)> _unknown = [];

    /// <summary>Completes when the scheduler has taken note of tasks.</summary>
    /// <exception cref="SchedulerLostException">Their session is gone.</exception>
    public async Task WaitUntilKnownAsync(int generation, TaskRun tasks, CancellationToken cancellationToken)
    {
        var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _unknown.Add((generation, tasks.End.Sequence, known));
            TellWhoAwaitsAcknowledgement();
        }

        await known.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (LossOf(generation) is { } loss)
        {
            throw TaskExceptions.Of(loss);
        }
    }

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
