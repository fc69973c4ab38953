using System.Globalization;

namespace Weft.Launcher;

/// <summary>Consecutive numbers, both ends included.</summary>
internal readonly record struct NumberRun(int First, int Last)
{
    public int Count => Last - First + 1;

    /// <summary>The fewest runs that hold the numbers, in order.</summary>
    public static IReadOnlyList<NumberRun> Of(IEnumerable<int> numbers)
    {
        var runs = new List<NumberRun>();
        foreach (var number in numbers.Distinct().Order())
        {
            if (runs.Count > 0 && runs[^1].Last == number - 1)
            {
                runs[^1] = runs[^1] with { Last = number };
            }
            else
            {
                runs.Add(new NumberRun(number, number));
            }
        }

        return runs;
    }

    /// <summary><c>3</c>, <c>3-7</c>.</summary>
    public override string ToString() => Count == 1 ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
