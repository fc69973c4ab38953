using System.Globalization;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Workers whose memory is near its limit begin nothing. They are given nothing, and what they were given and have not begun is taken back, unless
/// nobody else could run it. What they run goes on, and what they hold is fetched from them as before.
/// </summary>
public sealed partial class SchedulerCore
{
    /// <summary>How often it has happened that somebody may run what nobody could before: a worker came, goes on, or stays after all.</summary>
    private long _openings;

    private bool _hasWarnedOfPauses;

    private void OnPauses(WorkerEntry worker, ulong pauses)
    {
        if (pauses <= worker.Pauses)
        {
            Drops.Add(DropReason.StalePause);
            return;
        }

        var wasPaused = worker.IsPaused;
        var hasPaused = pauses % 2 == 1 || pauses > worker.Pauses + 1;
        worker.Pauses = pauses;
        if (hasPaused)
        {
            // What it was to copy and had not begun to fetch it has let go of, without another word.
            EndCopiesOf(worker.Id.Value);
            worker.OpeningsSeen = -1;
        }

        if (wasPaused && !worker.IsPaused)
        {
            _openings++;
            LookAtAllHolders();
        }
    }

    private void PlanPausing()
    {
        var paused = 0;
        foreach (var worker in _workers.Values)
        {
            if (!worker.IsPaused)
            {
                continue;
            }

            paused++;
            if (worker.Leave is null && worker.OpeningsSeen != _openings)
            {
                // Until there is another opening, who could not run it then cannot now.
                worker.OpeningsSeen = _openings;
                TakeBackForOthers(worker);
            }
        }

        WarnOfPauses(paused);
    }

    /// <summary>Asks for what has not begun and somebody else could run.</summary>
    private void TakeBackForOthers(WorkerEntry worker)
    {
        TaskShape? shape = null;
        var fitsOthers = false;
        foreach (var slot in AssignedTo(worker))
        {
            if (_tasks.Phase[slot] != TaskPhase.Assigned || Has(slot, TaskFlags.Retracting))
            {
                continue;
            }

            if (SubmissionOf(slot).Shape is var needed && needed != shape)
            {
                shape = needed;
                fitsOthers = _workers.Values.Any(needed.Fits);
            }

            if (fitsOthers)
            {
                Set(slot, TaskFlags.Retracting);
                worker.Retracting++;
                _actions.AddRun(ActionKind.Retract, worker.Id.Value, new TaskRun(_tasks.IdOf(slot)), _tasks.Attempt[slot]);
            }
        }
    }

    /// <summary>Says once that nothing moves, and why: results that nobody lets go of may fill all memory there is.</summary>
    private void WarnOfPauses(int paused)
    {
        if (paused < _workers.Count || paused == 0)
        {
            _hasWarnedOfPauses = false;
        }
        else if (!_hasWarnedOfPauses && !IsIdle)
        {
            _hasWarnedOfPauses = true;
            var stored = _workers.Values.Sum(static worker => worker.StoredBytes);
            _actions.Add(new SchedulerAction(ActionKind.Warn, 0, default)
            {
                Text = string.Create(
                    CultureInfo.InvariantCulture,
                    $"all of the {paused} workers are paused for their memory, and hold results of {stored >> 20} MiB: nothing more begins until results are released, tasks end, or workers join."),
            });
        }
    }
}
