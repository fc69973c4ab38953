namespace Weft.Autoscaler.Core;

/// <summary>How things stood when an idle node of a type was last let go.</summary>
/// <param name="TimeMs">When.</param>
/// <param name="Levels">What there was to do then for nodes of the type, in slots, by resource shape.</param>
/// <param name="Nodes">Nodes of all types that stayed.</param>
internal readonly record struct DrainMark(long TimeMs, IReadOnlyDictionary<string, long> Levels, int Nodes);
