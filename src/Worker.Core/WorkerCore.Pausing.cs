namespace Weft.Worker.Core;

/// <summary>While the process's memory is near its limit nothing is begun, neither tasks nor fetches; what has begun goes on.</summary>
public sealed partial class WorkerCore
{
    /// <summary>How often it has paused and gone on: odd, it is paused. Told to the scheduler at each change, so that of two tellings the later is known.</summary>
    public ulong Pauses { get; private set; }

    public bool IsPaused => Pauses % 2 == 1;

    private void OnPauseBegan(WorkerActionList actions)
    {
        if (IsPaused)
        {
            return;
        }

        actions.Reports.Pauses = ++Pauses;
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is { YieldAsked: false, Rest.Count: > 1 } work)
            {
                work.YieldAsked = true;
                actions.Yields.Add(slot);
            }
        }
    }

    private void OnPauseEnded(WorkerActionList actions)
    {
        if (IsPaused)
        {
            actions.Reports.Pauses = ++Pauses;
        }
    }

    /// <summary>Copies that nobody has been asked for yet are refused, by the word that this worker is paused: whoever has room makes them.</summary>
    private void LetGoOfQueuedCopies()
    {
        _inputs.Clear();
        foreach (var input in _awaited.Values)
        {
            if (input is { IsCopy: true, Source: InputSource.Queued })
            {
                _inputs.Add(input);
            }
        }

        foreach (var input in _inputs)
        {
            input.IsCopy = false;
            if (--input.LiveWaiters == 0)
            {
                Forget(input);
            }
        }
    }
}
