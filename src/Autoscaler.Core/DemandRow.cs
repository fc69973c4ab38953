using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>Tasks that ask for the same. Each needs one slot, and its named resources, while it runs.</summary>
/// <param name="Shape">The named resources of one task.</param>
/// <param name="Waiting">Tasks that could run if there were a slot: those at the scheduler, and those at workers that have not begun. Not those that wait for inputs.</param>
/// <param name="Running">Tasks that hold a slot now.</param>
/// <param name="MeanRunNs">How long one runs, as measured; zero: not known.</param>
/// <param name="IsRestricted">They may run at named workers only: more nodes do not help them.</param>
public readonly record struct DemandRow(ResourceAmounts Shape, long Waiting, long Running = 0, long MeanRunNs = 0, bool IsRestricted = false);
