using System.Globalization;

namespace Weft.Primitives;

/// <summary>A client's session with a scheduler. Numbers are given by the scheduler and not reused within an epoch.</summary>
public readonly record struct SessionId(uint Value) : IComparable<SessionId>
{
    public int CompareTo(SessionId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
