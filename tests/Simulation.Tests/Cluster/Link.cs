namespace Weft.Simulation.Tests;

/// <summary>
/// One direction of a connection. Messages come in order, each after a delay, unless the link is one whose messages may overtake each
/// other; messages that are guarded against it may come again, much later. A closed link swallows what is under way.
/// </summary>
internal sealed class Link(SimulatedClock clock, SimulationRandom random, NetworkWeather weather, bool mayOvertake)
{
    private readonly Queue<Action> _held = new();
    private long _lastUs;
    private long _heldUntilUs;

    public bool IsClosed { get; private set; }

    public void Close() => IsClosed = true;

    /// <param name="deliver">What the message does where it arrives.</param>
    /// <param name="mayRepeat">Whether the receiver is to bear the whole message again.</param>
    public void Send(Action deliver, bool mayRepeat)
    {
        var faults = weather.Faults;
        var due = clock.NowUs + 1 + random.Below(faults.DelayUsMax);
        weather.Delayed++;
        if (mayOvertake && !weather.IsCalm && weather.Strikes(Fault.Overtakes, weather.Overtaken, random))
        {
            weather.Overtaken++;
            clock.At(due + random.Below(faults.LateUsMax), () => Deliver(deliver));
        }
        else
        {
            _lastUs = Math.Max(_lastUs, due);
            clock.At(_lastUs, () => Deliver(deliver));
        }

        if (mayRepeat)
        {
            Repeat(deliver);
        }
    }

    /// <summary>Perhaps brings a message again that was sent before.</summary>
    public void Repeat(Action deliver)
    {
        if (!weather.IsCalm && weather.Strikes(Fault.Duplicates, weather.Repeated, random))
        {
            weather.Repeated++;
            clock.At(_lastUs + random.Below(weather.Faults.LateUsMax), () => Deliver(deliver));
        }
    }

    /// <summary>For a while nothing arrives, and then all of it at once.</summary>
    public void Hold(long us)
    {
        _heldUntilUs = clock.NowUs + us;
        clock.At(_heldUntilUs, DeliverHeld);
    }

    private void Deliver(Action deliver)
    {
        _held.Enqueue(deliver);
        DeliverHeld();
    }

    private void DeliverHeld()
    {
        while (!IsClosed && clock.NowUs >= _heldUntilUs && _held.TryDequeue(out var deliver))
        {
            deliver();
        }
    }
}
