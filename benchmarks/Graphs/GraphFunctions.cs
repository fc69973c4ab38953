namespace Weft.Graphs;

/// <summary>What the tasks of the graphs do: almost nothing, so that the runtime is what is measured. The peers run the same bodies.</summary>
public static class GraphFunctions
{
    /// <summary>Keeps values of deep graphs small and their every digit dependent on all that came before.</summary>
    public const long Modulus = 1_000_000_007;

    public static long Square(int number) => (long)number * number;

    public static long SlowSquare(int number)
    {
        Thread.Sleep(100);
        return Square(number);
    }

    public static long Increment(long value) => value + 1;

    public static long Add(long left, long right) => left + right;

    public static long Sum(long[] values) => values.Sum();

    /// <summary>One lane of a layer.</summary>
    public static long Spread(int lane, long value) => (value + lane) % Modulus;

    /// <summary>The end of a layer.</summary>
    public static long Collect(long[] lanes) => lanes.Sum() % Modulus;

    /// <summary>A vertex of the random graph; its inputs have different weights, so that mistaking one for another shows.</summary>
    public static long Mix(int number, long first, long second, long third) => (number + first + (2 * second) + (3 * third)) % Modulus;
}
