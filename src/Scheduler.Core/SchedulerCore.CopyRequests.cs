using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Copies and moves that clients ask for, and are answered when they are made.</summary>
public sealed partial class SchedulerCore
{
    private const int CopyRequestsMax = 256;

    /// <summary>Wishes for which something is being done at a time, of all requests together. Twice the copies, so that the next are known when some have arrived.</summary>
    private const int WishesBegunMax = 2 * CopiesUnderWayMax;

    /// <summary>A worker that holds so much more than the mean gives something away: less is not worth the moves.</summary>
    private const double ImbalanceMax = 0.05;

    private readonly List<CopyRequest> _copyRequests = [];

    /// <summary>Results that have reached those who are to hold them.</summary>
    private readonly Queue<CopyWish> _moved = [];

    /// <summary>Requests for copies that are not answered yet.</summary>
    public int CopyRequests => _copyRequests.Count;

    /// <summary>How often a wish of such a request was looked at.</summary>
    public long CopyLooks { get; private set; }

    private void OnReplicateAsked(ReplicateAsked asked)
    {
        if (ResolveHeld(asked.Runs) is not { } runs)
        {
            Answer(asked.Request, RequestAnswer.UnknownTask);
            return;
        }

        var request = new CopyRequest(asked.Request, asked.Holders);
        foreach (var run in runs)
        {
            for (var i = 0; i < run.Count; i++)
            {
                request.Left.Enqueue(new CopyWish(run.First + i));
            }
        }

        Await(request);
    }

    private void OnRebalanceAsked(RebalanceAsked asked)
    {
        HashSet<TaskId>? only = null;
        if (asked.Runs is { } runs)
        {
            if (ResolveHeld(runs) is not { } held)
            {
                Answer(asked.Request, RequestAnswer.UnknownTask);
                return;
            }

            only = [.. held.SelectMany(static run => Enumerable.Range(0, run.Count).Select(i => run.First + i))];
        }

        var request = new CopyRequest(asked.Request, 0);
        PlanMoves(only, request.Left);
        Await(request);
    }

    private void Await(CopyRequest request)
    {
        if (_copyRequests.Count >= CopyRequestsMax)
        {
            Answer(request.Number, RequestAnswer.TooManyRequests);
            return;
        }

        _copyRequests.Add(request);
    }

    /// <summary>
    /// Who holds more than the others gives its largest results to whoever holds least, as long as that makes the two more alike.
    /// </summary>
    private void PlanMoves(HashSet<TaskId>? only, Queue<CopyWish> moves)
    {
        var staying = _workers.Values.Where(static worker => worker.Leave is null).ToList();
        if (staying.Count < 2)
        {
            return;
        }

        var bytes = staying.ToDictionary(static worker => worker.Id.Value, static worker => worker.StoredBytes + worker.IncomingBytes);
        var ceiling = (long)(bytes.Values.Sum() / (double)staying.Count * (1 + ImbalanceMax));
        foreach (var giver in staying.OrderByDescending(worker => bytes[worker.Id.Value]))
        {
            foreach (var slot in MovableFrom(giver, only))
            {
                if (bytes[giver.Id.Value] <= ceiling)
                {
                    break;
                }

                var size = SizeOf(slot);
                var taker = staying.Where(worker => MayCopy(worker, slot)).MinBy(worker => bytes[worker.Id.Value]);
                if (taker is null || bytes[taker.Id.Value] + size >= bytes[giver.Id.Value])
                {
                    continue;
                }

                bytes[giver.Id.Value] -= size;
                bytes[taker.Id.Value] += size;
                moves.Enqueue(new CopyWish(_tasks.IdOf(slot), giver.Id.Value, taker.Id.Value));
            }
        }
    }

    private IEnumerable<int> MovableFrom(WorkerEntry giver, HashSet<TaskId>? only) => giver.Stored
        .Where(task => only is null || only.Contains(task))
        .Select(_tasks.Find)
        .Where(slot => slot >= 0 && IsHeldBy(slot, giver.Id.Value))
        .Distinct()
        .OrderByDescending(SizeOf)
        .ThenBy(_tasks.IdOf)
        .ToList();

    private void PlanCopyRequests()
    {
        LetGoOfMoved();
        for (var i = 0; i < _copyRequests.Count; i++)
        {
            var request = _copyRequests[i];
            LookAtBegun(request);
            Begin(request, Math.Max(1, WishesBegunMax / _copyRequests.Count));
            if (request.Left.Count + request.Begun.Count == 0)
            {
                Answer(request.Number, RequestAnswer.Done);
                _copyRequests.RemoveAt(i--);
            }
        }
    }

    private void LookAtBegun(CopyRequest request)
    {
        var begun = request.Begun.ToArray();
        request.Begun.Clear();
        foreach (var wish in begun)
        {
            if (_copiesUnderWay >= CopiesUnderWayMax)
            {
                request.Begun.Add(wish);
            }
            else if (!IsFulfilled(wish, request.Holders))
            {
                PutBack(request, wish);
            }
        }
    }

    /// <summary>Goes on to the next wishes: all that are fulfilled as it is, and a few that are not.</summary>
    private void Begin(CopyRequest request, int begunMax)
    {
        var inVain = request.Begun.Count;
        for (var looks = request.Left.Count; looks > 0 && inVain < begunMax && _copiesUnderWay < CopiesUnderWayMax; looks--)
        {
            var wish = request.Left.Dequeue();
            if (!IsFulfilled(wish, request.Holders))
            {
                PutBack(request, wish);
                inVain++;
            }
        }
    }

    /// <summary>A wish for a result that is being made again is in nobody's way: its turn comes again.</summary>
    private void PutBack(CopyRequest request, CopyWish wish)
    {
        if (_tasks.Phase[_tasks.Find(wish.Task)] == TaskPhase.Done)
        {
            request.Begun.Add(wish);
        }
        else
        {
            request.Left.Enqueue(wish);
        }
    }

    /// <summary>Whether a wish has come true, or cannot any more. Does what is to be done for it now.</summary>
    private bool IsFulfilled(CopyWish wish, int holders)
    {
        CopyLooks++;
        var slot = _tasks.Find(wish.Task);
        if (slot < 0 || _tasks.Phase[slot] is TaskPhase.Failed or TaskPhase.Released)
        {
            return true;
        }

        if (wish.To != TaskTable.None)
        {
            return IsMoved(slot, wish);
        }

        if (_tasks.Phase[slot] != TaskPhase.Done)
        {
            return false; // Lost meanwhile, and being made again.
        }

        WantHolders(slot, holders);
        return HasItsHolders(slot, holders);
    }

    private bool IsMoved(int slot, CopyWish move)
    {
        if (IsBeingCopied(slot, move.To))
        {
            return false;
        }

        if (!IsHeldBy(slot, move.From) || _uncopyable.Contains(slot) || !_workers.TryGetValue(move.To, out var taker) || !MayCopy(taker, slot))
        {
            return true;
        }

        BeginCopy(slot, taker, movesFrom: move.From);
        return false;
    }

    /// <summary>
    /// Results have moved: who held them before frees them, unless a task there may be reading them. Not before the whole batch is known: it may say that the new holder is gone.
    /// </summary>
    private void LetGoOfMoved()
    {
        while (_moved.TryDequeue(out var move))
        {
            var slot = _tasks.Find(move.Task);
            if (slot >= 0 && _workers.TryGetValue(move.From, out var giver) && IsHeldBy(slot, move.From) && IsHeldBy(slot, move.To) && IsStaying(move.To) && !HasConsumerAt(giver, move.Task))
            {
                giver.StoredBytes -= SizeOf(slot);
                RemoveHolder(slot, move.From);
                _actions.AddRun(ActionKind.Free, move.From, new TaskRun(move.Task));
            }
        }
    }
}
