using System.Globalization;

namespace Weft.Primitives;

/// <summary>
/// Amounts of named resources (<c>GPU=2,licence=1</c>), in thousandths so that a third of a GPU can be asked for and sums stay exact.
/// Sorted by name: equal amounts are equal texts.
/// </summary>
public sealed class ResourceAmounts : IEquatable<ResourceAmounts>
{
    public const long Unit = 1000;

    public static readonly ResourceAmounts None = new([]);

    private readonly KeyValuePair<string, long>[] _amounts;

    private ResourceAmounts(KeyValuePair<string, long>[] amounts) => _amounts = amounts;

    public int Count => _amounts.Length;

    public IReadOnlyList<KeyValuePair<string, long>> Milli => _amounts;

    public static ResourceAmounts Of(IEnumerable<KeyValuePair<string, long>> milli)
    {
        var sorted = milli.Where(amount => amount.Value != 0).ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return sorted.Length == 0 ? None : new ResourceAmounts(sorted);
    }

    /// <summary>Reads <c>NAME=AMOUNT[,NAME=AMOUNT]…</c>; amounts are decimal numbers above zero with at most three places.</summary>
    /// <exception cref="FormatException">The text is of another form; the message names the part and what is allowed.</exception>
    public static ResourceAmounts Parse(string text)
    {
        var amounts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0
                || !decimal.TryParse(part.AsSpan(equals + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                || amount <= 0
                || amount > int.MaxValue
                || decimal.Truncate(amount * Unit) != amount * Unit)
            {
                throw new FormatException($"resources: '{part}' is not NAME=AMOUNT, for example GPU=2 or licence=0.5 (at most three decimal places).");
            }

            if (!amounts.TryAdd(part[..equals].Trim(), (long)(amount * Unit)))
            {
                throw new FormatException($"resources: '{part[..equals].Trim()}' is named twice.");
            }
        }

        return Of(amounts);
    }

    public long MilliOf(string name)
    {
        foreach (var (key, value) in _amounts)
        {
            if (key == name)
            {
                return value;
            }
        }

        return 0;
    }

    public bool Equals(ResourceAmounts? other) => other is not null && _amounts.AsSpan().SequenceEqual(other._amounts);

    public override bool Equals(object? obj) => Equals(obj as ResourceAmounts);

    public override int GetHashCode() => _amounts.Length;

    public override string ToString() => string.Join(
        ',',
        _amounts.Select(amount => string.Create(CultureInfo.InvariantCulture, $"{amount.Key}={(decimal)amount.Value / Unit:0.###}")));
}
