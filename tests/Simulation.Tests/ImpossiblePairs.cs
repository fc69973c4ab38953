using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>Pairs of phase and cause that cannot meet, each with the reason.</summary>
internal static class ImpossiblePairs
{
    public static readonly Dictionary<(TaskPhase Phase, TaskCause Cause), string> Reasons = [];
}
