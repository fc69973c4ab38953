using System.Globalization;

namespace Weft.Soak;

/// <summary>Something that was done to a process.</summary>
/// <param name="What">For people.</param>
/// <param name="ProcessId">To a worker's; null: to the scheduler.</param>
/// <param name="Began">When, on the clock of the notes.</param>
/// <param name="Ended">When it was over: started again, or going on.</param>
internal sealed record StormEvent(string What, int? ProcessId, long Began, long Ended)
{
    public string ToText(long origin) => string.Create(CultureInfo.InvariantCulture, $"{Seconds(Began - origin),8:0.000} - {Seconds(Ended - origin):0.000} s  {What}");

    public static double Seconds(long ticks) => ticks / (double)System.Diagnostics.Stopwatch.Frequency;
}
