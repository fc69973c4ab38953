namespace Weft.Simulation.Tests;

/// <summary>The queue of (time, what happens), in microseconds. What is due at the same time happens in the order in which it was planned.</summary>
internal sealed class SimulatedClock
{
    private readonly PriorityQueue<Action, (long Us, long Order)> _queue = new();
    private long _order;

    public long NowUs { get; private set; }

    public long NowMs => NowUs / 1000;

    public long Steps { get; private set; }

    public void At(long us, Action what) => _queue.Enqueue(what, (Math.Max(us, NowUs), _order++));

    public void After(long us, Action what) => At(NowUs + us, what);

    public bool Step()
    {
        if (!_queue.TryDequeue(out var what, out var due))
        {
            return false;
        }

        NowUs = due.Us;
        Steps++;
        what();
        return true;
    }
}
