namespace Weft.Simulation.Tests;

/// <summary>
/// One direction of a connection. Messages come in order, each after a delay, unless the link is one whose messages may overtake each
/// other; messages that are guarded against it may come again, much later. A closed link swallows what is under way.
/// </summary>
internal sealed class Link(SimulatedClock clock, SimulationRandom random, NetworkWeather weather, bool mayOvertake)
{
    private long _lastUs;

    public bool IsClosed { get; private set; }

    public void Close() => IsClosed = true;

    /// <param name="deliver">What the message does where it arrives.</param>
    /// <param name="mayRepeat">Whether the receiver is to bear the whole message again.</param>
    public void Send(Action deliver, bool mayRepeat)
    {
        var faults = weather.Faults;
        var due = clock.NowUs + 1 + random.Below(faults.DelayUsMax);
        weather.Delayed++;
        if (mayOvertake && !weather.IsCalm && (weather.Overtaken == 0 || random.Chance(faults.Overtakes)))
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
        if (!weather.IsCalm && (weather.Repeated == 0 || random.Chance(weather.Faults.Duplicates)))
        {
            weather.Repeated++;
            clock.At(_lastUs + random.Below(weather.Faults.LateUsMax), () => Deliver(deliver));
        }
    }

    private void Deliver(Action deliver)
    {
        if (!IsClosed)
        {
            deliver();
        }
    }
}

/// <summary>The faults of the network, and how often they struck; calm once faults have stopped.</summary>
internal sealed class NetworkWeather(FaultPlan faults)
{
    public FaultPlan Faults => faults;

    public bool IsCalm { get; set; }

    public long Delayed { get; set; }

    public long Overtaken { get; set; }

    public long Repeated { get; set; }
}
