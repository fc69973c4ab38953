using System.Globalization;

namespace Weft.Protocol;

/// <summary>Amounts of memory as people write them: <c>4GB 512MiB 1.5GiB 65536</c>; where a whole is known also a fraction of it: <c>0.5</c>.</summary>
public static class ByteSize
{
    private static readonly (string Suffix, long Bytes)[] Units =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("TiB", 1L << 40),
        ("kB", 1_000),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("B", 1),
        ("", 1),
    ];

    /// <exception cref="FormatException">The text is of another form; the message names it and what is allowed.</exception>
    public static long Parse(string text) => TryParse(text, out var bytes)
        ? bytes
        : throw new FormatException($"'{text}' is not a size: a number of bytes with B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, for example 512MiB or 4GB.");

    /// <summary>A size, or a number above 0 and up to 1 with a decimal point or equal to 1: that part of the whole.</summary>
    /// <exception cref="FormatException">The text is of another form; the message names it and what is allowed.</exception>
    public static long ParseSizeOrFraction(string text, long wholeBytes)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction) && fraction is > 0 and <= 1)
        {
            return (long)(fraction * wholeBytes);
        }

        return TryParse(text, out var bytes)
            ? bytes
            : throw new FormatException($"'{text}' is not a size: 512MiB, 4GB, or a fraction above 0 and up to 1 such as 0.5.");
    }

    private static bool TryParse(string text, out long bytes)
    {
        foreach (var (suffix, unit) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number > 0
                && number <= long.MaxValue / unit
                && (unit > 1 || decimal.IsInteger(number)))
            {
                bytes = (long)(number * unit);
                return bytes > 0;
            }
        }

        bytes = 0;
        return false;
    }
}
