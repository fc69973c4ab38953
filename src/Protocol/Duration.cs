using System.Globalization;

namespace Weft.Protocol;

/// <summary>Lengths of time as people write them: <c>500ms 90s 55m 2h 1d</c>.</summary>
public static class Duration
{
    private static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    /// <exception cref="FormatException">The text is of another form; the message names it and what is allowed.</exception>
    public static TimeSpan Parse(string text)
    {
        foreach (var (suffix, unit) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= Max.Ticks / unit.Ticks)
            {
                return new TimeSpan((long)(number * unit.Ticks));
            }
        }

        throw new FormatException($"'{text}' is not a duration: a number and ms, s, m, h or d, for example 90s, 55m or 2h (at most 3650d).");
    }

    /// <summary>The shortest text that <see cref="Parse"/> reads as this length of time, to the millisecond.</summary>
    public static string Format(TimeSpan duration)
    {
        for (var i = Units.Length - 1; i > 0; i--)
        {
            if (duration >= Units[i].Unit && duration.Ticks % Units[i].Unit.Ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / Units[i].Unit.Ticks}{Units[i].Suffix}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerMillisecond}ms");
    }
}
