using Weft.Primitives;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>What a group of tasks runs.</summary>
/// <param name="Shape">Named resources of one task.</param>
/// <param name="MeanMs">Tasks take this long, a fifth more or less.</param>
/// <param name="IsParent">It waits for others, without a slot, after its first second.</param>
internal sealed record SimulatedFunction(ResourceAmounts Shape, long MeanMs, bool IsParent = false);

/// <summary>Tasks that are submitted together.</summary>
internal sealed record Burst(long TimeMs, SimulatedFunction Function, int Count);
