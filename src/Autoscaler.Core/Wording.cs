using System.Globalization;

namespace Weft.Autoscaler.Core;

/// <summary>Amounts as people read them.</summary>
internal static class Wording
{
    public static string Money(long micros) => ((decimal)micros / 1_000_000).ToString("0.######", CultureInfo.InvariantCulture);

    public static string Duration(long ms) => ms switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{ms} ms"),
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{(ms + 999) / 1000} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(ms + 59_999) / 60_000} min"),
    };
}
