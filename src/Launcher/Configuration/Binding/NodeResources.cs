using Weft.Primitives;

namespace Weft.Launcher;

/// <summary>What <c>resources</c> says; null: nothing of that.</summary>
internal sealed record NodeResources(int? Slots, long? MemoryBytes, ResourceAmounts Amounts);
