namespace Weft.Autoscaler.Core;

/// <summary>A node as the provider knows it.</summary>
/// <param name="Key">Of the type <c>head</c> it is not looked at. Those of types that the options do not name go when they are idle.</param>
/// <param name="State">How far it is.</param>
/// <param name="IsSpot">It may be taken away, and costs the spot price. Looked at only where the core did not launch the node itself, and believed if it says so: not every system tells.</param>
/// <param name="Detail">What the system says of it, in its own words.</param>
public readonly record struct ObservedNode(NodeKey Key, ObservedState State, bool IsSpot = false, string? Detail = null);
