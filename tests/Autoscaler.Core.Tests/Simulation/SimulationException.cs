namespace Weft.Autoscaler.Core.Tests;

/// <summary>A seed did not hold what was promised; the message is its story.</summary>
internal sealed class SimulationException(string message) : Exception(message);
