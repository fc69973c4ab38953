using System.Globalization;

namespace Weft.Graphs;

/// <summary>What is wrong with answers, in words; null when they are right.</summary>
public static class AnswerCheck
{
    public static string? Difference(long[] expected, long[] actual)
    {
        if (actual.Length != expected.Length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"there are {actual.Length} answers, and not {expected.Length}");
        }

        var equal = expected.AsSpan().CommonPrefixLength(actual);
        return equal == expected.Length
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"answer {equal} is {actual[equal]}, and not {expected[equal]}");
    }

    /// <summary>For workers that run nothing and answer with the number of the task: later tasks have higher ones.</summary>
    public static string? NotAscending(long[] actual)
    {
        for (var index = 1; index < actual.Length; index++)
        {
            if (actual[index] <= actual[index - 1])
            {
                return string.Create(CultureInfo.InvariantCulture, $"answer {index} is {actual[index]}, and answer {index - 1} is {actual[index - 1]}");
            }
        }

        return actual is [] or [<= 0, ..] ? "the answers are not those of the workers" : null;
    }
}
