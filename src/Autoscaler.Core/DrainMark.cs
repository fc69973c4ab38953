namespace Weft.Autoscaler.Core;

/// <summary>How things stood when an idle node of a type was last let go.</summary>
/// <param name="TimeMs">When.</param>
/// <param name="Level">What there was to do then for nodes of the type, in slots.</param>
/// <param name="Nodes">Nodes of all types that stayed.</param>
internal readonly record struct DrainMark(long TimeMs, long Level, int Nodes);
