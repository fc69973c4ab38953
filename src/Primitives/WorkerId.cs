using System.Globalization;

namespace Weft.Primitives;

/// <summary>One incarnation of a worker process. A worker that comes back is a new id; numbers are not reused within an epoch.</summary>
public readonly record struct WorkerId(int Value) : IComparable<WorkerId>
{
    public static readonly WorkerId None = new(-1);

    public int CompareTo(WorkerId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
