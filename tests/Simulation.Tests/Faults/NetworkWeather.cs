namespace Weft.Simulation.Tests;

/// <summary>The faults of the network, and how often they struck; calm once faults have stopped.</summary>
internal sealed class NetworkWeather(FaultPlan faults)
{
    public FaultPlan Faults => faults;

    public bool IsCalm { get; set; }

    public long Delayed { get; set; }

    public long Overtaken { get; set; }

    public long Repeated { get; set; }

    /// <summary>Whether a message meets a fault of the network. The first that can does: no seed goes without, unless the fault is switched off.</summary>
    public bool Strikes(Fault fault, long before, SimulationRandom random) => Faults[fault] > 0 && (before == 0 || random.Chance(Faults[fault]));
}
