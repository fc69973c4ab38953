using System.Globalization;

namespace Weft.Provisioning;

/// <summary>Names a node in its cluster, for as long as the cluster lives: a number is given out once for each type. As text <c>TYPE-NUMBER</c>.</summary>
public readonly record struct NodeId(string Type, int Number) : IComparable<NodeId>
{
    public int CompareTo(NodeId other) => string.CompareOrdinal(Type, other.Type) is var byType and not 0 ? byType : Number.CompareTo(other.Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Type}-{Number}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out NodeId id)
    {
        var dash = text.LastIndexOf('-');
        if (dash > 0 && int.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            id = new NodeId(text[..dash], number);
            return true;
        }

        id = default;
        return false;
    }

    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;
}
