using System.Globalization;

namespace Weft.Grpc;

/// <summary>The <c>grpc-timeout</c> header: up to eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int DigitsMax = 8;
    private const long ValueMax = 99_999_999;

    /// <summary>From fine to coarse, with the ticks of 100 ns in each; nanoseconds are read but never needed to write.</summary>
    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Rounded up, in the finest unit that has room: the server must not give up before the client does.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero) return "1n";
        foreach (var (unit, ticks) in Units)
        {
            long value = ((timeout.Ticks - 1) / ticks) + 1;
            if (value <= ValueMax) return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{ValueMax}H");
    }

    public static bool TryParse(ReadOnlySpan<char> header, out TimeSpan timeout)
    {
        timeout = default;
        if (header.Length is < 2 or > DigitsMax + 1) return false;
        if (!long.TryParse(header[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long value)) return false;

        char unit = header[^1];
        if (unit == 'n')
        {
            timeout = TimeSpan.FromTicks((value + 99) / 100);
            return true;
        }

        foreach (var (known, ticks) in Units)
        {
            if (known != unit) continue;
            timeout = TimeSpan.FromTicks(value > TimeSpan.MaxValue.Ticks / ticks ? TimeSpan.MaxValue.Ticks : value * ticks);
            return true;
        }

        return false;
    }
}
