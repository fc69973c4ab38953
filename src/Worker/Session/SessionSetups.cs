using System.Collections.Concurrent;
using Weft.Primitives;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>
/// What sessions want run here before their tasks. Those of a session run one after the other, on threads of their own; slots wait for them before
/// they begin a chunk of that session, as they wait for code. Thread safe.
/// </summary>
internal sealed class SessionSetups(Func<WorkerSetupRun, TaskError?> run, Action<string> leave, CancellationToken ending)
{
    private readonly ConcurrentDictionary<uint, Chain> _sessions = new();

    /// <summary>Begins a setup, or forgets one: who waits for that waits no longer.</summary>
    public void Take(V1.WorkerSetup setup)
    {
        var chain = _sessions.GetOrAdd(setup.Session, static _ => new Chain());
        if (setup.Function != 0)
        {
            chain.Begin(new WorkerSetupRun(setup, run, leave));
        }
        else if (chain.Forget(setup.Number))
        {
            _sessions.TryRemove(setup.Session, out _);
        }
    }

    /// <summary>Waits until the session's setups have run. For slot threads.</summary>
    /// <returns>How one of them failed; null: none did.</returns>
    public TaskError? Wait(SessionId session)
    {
        if (!_sessions.TryGetValue(session.Value, out var chain))
        {
            return null;
        }

        foreach (var setup in chain.All)
        {
            if (WaitFor(setup) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private TaskError? WaitFor(WorkerSetupRun setup)
    {
        try
        {
            setup.Outcome.Wait(ending);
            return setup.Outcome.Result;
        }
        catch (OperationCanceledException)
        {
            // The incarnation has ended: nothing begins, and nobody hears of this.
            return TaskError.Of(ErrorKind.Cancelled, default, "The worker has left its scheduler.");
        }
    }

    /// <summary>One session's, by number.</summary>
    private sealed class Chain
    {
        private readonly Lock _gate = new();
        private readonly SortedDictionary<uint, WorkerSetupRun> _runs = [];
        private Task _last = Task.CompletedTask;

        public WorkerSetupRun[] All
        {
            get
            {
                lock (_gate)
                {
                    return [.. _runs.Values];
                }
            }
        }

        public void Begin(WorkerSetupRun setup)
        {
            lock (_gate)
            {
                if (_runs.Remove(setup.Number, out var earlier))
                {
                    earlier.Forget();
                }

                _runs.Add(setup.Number, setup);
                _last = _last.ContinueWith(
                    static (_, next) => ((WorkerSetupRun)next!).Run(), setup, CancellationToken.None, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
            }
        }

        /// <returns>Whether it was the last one.</returns>
        public bool Forget(uint number)
        {
            lock (_gate)
            {
                if (_runs.Remove(number, out var setup))
                {
                    setup.Forget();
                }

                return _runs.Count == 0;
            }
        }
    }
}
