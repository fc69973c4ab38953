using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>The connection's side of the session.</summary>
internal sealed partial class ClientSession
{
    /// <summary>Carries out events in their order and tells who waits.</summary>
    public void Apply(IReadOnlyList<SessionEvent> events)
    {
        var deliveries = new List<Delivery>();
        List<LocatedResult>? located;
        int generation;
        lock (_gate)
        {
            generation = _core.Generation;
            _actions.Clear();
            var now = NowMs;
            foreach (var happened in events)
            {
                _core.Apply(new Stamped<SessionEvent>(now, happened), _actions);
            }

            located = CollectNews(generation, deliveries);
            TellWhoAwaitsAcknowledgement();
        }

        _outgoing.Set();
        Make(deliveries);
        if (located is not null)
        {
            FetchResults?.Invoke(generation, located);
        }
    }

    /// <summary>Waits until something may be there to send.</summary>
    public ValueTask WaitForOutgoingAsync(CancellationToken cancellationToken) => _outgoing.WaitAsync(cancellationToken);

    /// <summary>The next message to send; false when there is none.</summary>
    public bool TryTakeBatch(OutgoingBatch batch)
    {
        lock (_gate)
        {
            TakeReleased();
            return _core.TryTakeBatch(batch);
        }
    }

    /// <summary>A result that was fetched from a worker, for who waits for it.</summary>
    public void DeliverFetched(int generation, TaskId task, ReadOnlyMemory<byte> value) =>
        TellWaiters(generation, SessionAction.Deliver(new TaskRun(task), ByteColumn.Of(value)));

    /// <summary>A result that cannot be had, for who waits for it.</summary>
    public void FailFetch(int generation, TaskId task, ErrorKind kind, string why) =>
        TellWaiters(generation, SessionAction.Tell(new TaskRun(task), FuturePhase.Failed, TaskError.Of(kind, task, why)));

    /// <summary>Asks again for a result that was not where it was said to be: the scheduler knows better by now, or has it made again.</summary>
    public void WantAgain(int generation, TaskId task) => Request(generation, new SessionEvent.ResultsWanted(new TaskRun(task)));

    private void TellWaiters(int generation, in SessionAction action)
    {
        var deliveries = new List<Delivery>();
        lock (_gate)
        {
            if (generation == _core.Generation)
            {
                Collect(generation, action, deliveries);
            }
        }

        Make(deliveries);
    }

    /// <summary>Who is to hear what. Returns what is to be fetched, null when nothing is.</summary>
    private List<LocatedResult>? CollectNews(int generation, List<Delivery> deliveries)
    {
        List<LocatedResult>? located = null;
        var isLost = false;
        foreach (var action in _actions)
        {
            switch (action.Kind)
            {
                case SessionActionKind.TellOutcome or SessionActionKind.DeliverValues:
                    Collect(generation, action, deliveries);
                    isLost |= action.Phase == FuturePhase.Lost;
                    break;
                case SessionActionKind.FetchResult:
                    (located ??= []).Add(new LocatedResult(action.Tasks.First, action.Location!));
                    break;
                case SessionActionKind.AdmitSubmitters:
                    _room.TrySetResult();
                    _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    break;
            }
        }

        if (isLost)
        {
            _waiters.Clear();
        }

        return located;
    }

    private void Collect(int generation, in SessionAction action, List<Delivery> deliveries)
    {
        var failure = action.Kind == SessionActionKind.TellOutcome ? TaskFailure.Of(_core, generation, action.Phase, action.Error) : null;
        _waiters.Collect(action, failure, deliveries);
    }

    private void TakeReleased()
    {
        while (_released.TryDequeue(out var released))
        {
            if (released.Generation == _core.Generation)
            {
                _core.Apply(new Stamped<SessionEvent>(NowMs, new SessionEvent.TasksReleased(released.Tasks)), _actions);
            }
        }
    }
}

/// <summary>A wanted result that workers hold.</summary>
internal sealed record LocatedResult(TaskId Task, ResultLocation Location)
{
    /// <summary>How often it was not where it was said to be.</summary>
    public int Failures { get; init; }
}
