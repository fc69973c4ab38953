namespace Weft.Graphs;

/// <summary>The answers of graphs whose tasks square the numbers from zero.</summary>
internal static class Squares
{
    public static long[] Of(int count) => [.. Enumerable.Range(0, count).Select(static number => (long)number * number)];

    /// <summary>In closed form: what a lost or repeated term would change.</summary>
    public static long SumOf(int count) => (count - 1L) * count * ((2L * count) - 1) / 6;

    public static long[] InParallel(Func<int, long> function, int count, ParallelOptions options)
    {
        var results = new long[count];
        Parallel.For(0, count, options, number => results[number] = function(number));
        return results;
    }
}
