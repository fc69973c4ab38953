using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>
/// Which inputs are asked of which peer, and when: each waits in the queue of one of its holders, queues take turns, and requests, tasks
/// and bytes under way are bounded. A holder that fails is followed by the input's next.
/// </summary>
internal sealed class FetchPlan(WorkerCoreLimits limits)
{
    private readonly Dictionary<Peer, PeerQueue> _peers = [];
    private readonly List<PeerQueue> _inOrder = [];
    private readonly Dictionary<long, Request> _requests = [];
    private readonly List<TaskId> _picked = [];
    private long _lastFetch;
    private int _turn;

    public long BytesInFlight { get; private set; }

    public int RequestsInFlight => _requests.Count;

    /// <summary>Queues an input with its next holder; false when all have been tried.</summary>
    public bool TryEnqueue(AwaitedInput input)
    {
        if (input.Tried >= input.Holders.Length)
        {
            return false;
        }

        var holder = input.Holders[(input.FirstHolder + input.Tried) % input.Holders.Length];
        input.Tried++;
        input.Source = InputSource.Queued;
        QueueOf(holder).Waiting.Enqueue(input);
        return true;
    }

    /// <summary>Begins as many requests as the bounds allow.</summary>
    public void Plan(List<FetchValues> fetches)
    {
        var idle = 0;
        while (idle < _inOrder.Count && _requests.Count < limits.FetchesMax && BytesInFlight < limits.BytesInFlightMax)
        {
            var queue = _inOrder[_turn % _inOrder.Count];
            _turn = (_turn + 1) % _inOrder.Count;
            idle = TryBegin(queue, fetches) ? 0 : idle + 1;
        }
    }

    /// <summary>The input that this request was to bring, or null when it was not asked for or has come already.</summary>
    public AwaitedInput? Take(long fetch, TaskId task)
    {
        if (!_requests.TryGetValue(fetch, out var request))
        {
            return null;
        }

        for (var place = 0; place < request.Open.Count; place++)
        {
            if (request.Open[place].Id == task)
            {
                var input = request.Open[place];
                request.Open.RemoveAt(place);
                return input;
            }
        }

        return null;
    }

    /// <summary>
    /// Ends a request. <paramref name="failed"/> gets what it did not bring and, when the peer is lost, all that waits for that peer too.
    /// </summary>
    public bool End(long fetch, FetchOutcome outcome, List<AwaitedInput> failed)
    {
        if (!_requests.Remove(fetch, out var request))
        {
            return false;
        }

        BytesInFlight -= request.Bytes;
        request.Queue.InFlight--;
        failed.AddRange(request.Open);
        if (outcome == FetchOutcome.PeerLost)
        {
            while (request.Queue.Waiting.TryDequeue(out var input))
            {
                if (input.Source == InputSource.Queued)
                {
                    failed.Add(input);
                }
            }
        }

        Forget(request.Queue);
        return true;
    }

    /// <param name="mayWait">Nothing is begun at present.</param>
    public void CheckInvariants(bool mayWait)
    {
        Invariant.Require(BytesInFlight == _requests.Values.Sum(static request => request.Bytes), "fetched bytes add up");
        Invariant.Require(_requests.Count == _inOrder.Sum(static queue => queue.InFlight), "fetches add up");
        Invariant.Require(_inOrder.Count == _peers.Count, "each peer has one queue");
        Invariant.Require(
            mayWait || _requests.Count > 0 || _inOrder.All(static queue => queue.Waiting.All(static input => input.Source != InputSource.Queued)),
            "inputs are being fetched while some wait for their turn");
        foreach (var queue in _inOrder)
        {
            Invariant.Require(queue.InFlight >= 0 && queue.InFlight <= limits.FetchesPerPeerMax, "a peer is not asked too much at once");
        }
    }

    private bool TryBegin(PeerQueue queue, List<FetchValues> fetches)
    {
        if (queue.InFlight >= limits.FetchesPerPeerMax)
        {
            return false;
        }

        List<AwaitedInput>? open = null;
        _picked.Clear();
        long bytes = 0;
        while (_picked.Count < limits.TasksPerFetchMax && bytes < limits.BytesPerFetchMax && queue.Waiting.TryDequeue(out var input))
        {
            if (input.Source != InputSource.Queued)
            {
                continue;
            }

            input.Source = InputSource.Fetching;
            (open ??= []).Add(input);
            _picked.Add(input.Id);
            bytes += Math.Max(1, input.SizeBytes);
        }

        if (open is null)
        {
            Forget(queue);
            return false;
        }

        var request = new Request(queue, open, bytes);
        _requests.Add(++_lastFetch, request);
        queue.InFlight++;
        BytesInFlight += bytes;
        fetches.Add(new FetchValues(_lastFetch, queue.Peer, _picked.ToArray()));
        return true;
    }

    private PeerQueue QueueOf(Peer peer)
    {
        if (!_peers.TryGetValue(peer, out var queue))
        {
            _peers.Add(peer, queue = new PeerQueue(peer));
            _inOrder.Add(queue);
        }

        return queue;
    }

    private void Forget(PeerQueue queue)
    {
        if (queue.InFlight == 0 && queue.Waiting.Count == 0)
        {
            _peers.Remove(queue.Peer);
            _inOrder.Remove(queue);
        }
    }

    private sealed class PeerQueue(Peer peer)
    {
        public Peer Peer { get; } = peer;

        public Queue<AwaitedInput> Waiting { get; } = new();

        public int InFlight { get; set; }
    }

    private sealed record Request(PeerQueue Queue, List<AwaitedInput> Open, long Bytes);
}
