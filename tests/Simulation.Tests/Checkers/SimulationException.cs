namespace Weft.Simulation.Tests;

/// <summary>A property did not hold.</summary>
internal sealed class SimulationException(string message) : Exception(message);
