namespace Weft.Autoscaler.Core;

/// <summary>How things stood when an idle node of a type was last let go.</summary>
/// <param name="TimeMs">When.</param>
/// <param name="Shapes">For nodes of the type, by resource shape: what there was to do then, in slots, and how many such tasks what stayed, of whatever type, can run at a time.</param>
internal readonly record struct DrainMark(long TimeMs, IReadOnlyDictionary<string, (long Level, long Capacity)> Shapes);
