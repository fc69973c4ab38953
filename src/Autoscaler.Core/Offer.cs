namespace Weft.Autoscaler.Core;

/// <summary>How nodes of a type can be had now.</summary>
/// <param name="IsOpen">They can be launched.</param>
/// <param name="IsSpot">In which way.</param>
/// <param name="PriceMicros">What one costs.</param>
/// <param name="Held">Why they cannot be launched, or not in the way that comes first; null: they can.</param>
/// <param name="IsWorthWaiting">They cannot right now, and no other type is to be taken in their place.</param>
internal readonly record struct Offer(bool IsOpen, bool IsSpot, long PriceMicros, string? Held, bool IsWorthWaiting);
