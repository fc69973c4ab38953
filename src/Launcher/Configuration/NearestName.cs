namespace Weft.Launcher;

/// <summary>Finds the name that somebody meant: an option's, a command's, a key's.</summary>
public static class NearestName
{
    /// <summary>Nobody slips in a name that is longer; the work grows with its length.</summary>
    private const int LengthMax = 100;

    /// <summary>The known name with the fewest letters to change, if that is few enough to be a slip.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > LengthMax)
        {
            return null;
        }

        var nearest = known.Select(candidate => new Candidate(candidate, Distance(name, candidate))).MinBy(static one => one.Distance);
        return nearest?.Distance <= Math.Max(2, name.Length / 3) ? nearest.Name : null;
    }

    /// <summary>Letters to insert, drop, replace or swap with their neighbour.</summary>
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            table[i, 0] = i;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            table[0, j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replace, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[left.Length, right.Length];
    }

    private sealed record Candidate(string Name, int Distance);
}
