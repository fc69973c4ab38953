using System.Globalization;

namespace Weft.Autoscaler.Core;

/// <summary>Names a node: its type, and a number that no other node of the type ever gets. As text <c>TYPE-NUMBER</c>.</summary>
public readonly record struct NodeKey(string Type, int Number) : IComparable<NodeKey>
{
    public int CompareTo(NodeKey other) => string.CompareOrdinal(Type, other.Type) is var byType and not 0 ? byType : Number.CompareTo(other.Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Type}-{Number}");

    public static bool operator <(NodeKey left, NodeKey right) => left.CompareTo(right) < 0;

    public static bool operator >(NodeKey left, NodeKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(NodeKey left, NodeKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(NodeKey left, NodeKey right) => left.CompareTo(right) >= 0;
}
