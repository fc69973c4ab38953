namespace Weft.Launcher;

/// <summary>Which hosts new nodes go to.</summary>
internal static class HostChoice
{
    /// <summary>Those with the fewest nodes first, and among these in the order of the list.</summary>
    /// <param name="taken">How many nodes each host has.</param>
    /// <param name="perHost">How many it may have.</param>
    /// <param name="count">How many new ones there are.</param>
    /// <returns>The index of a host for each; fewer than <paramref name="count"/> when there is no room for more.</returns>
    public static IReadOnlyList<int> Choose(IReadOnlyList<int> taken, int perHost, int count)
    {
        var counts = taken.ToArray();
        var chosen = new List<int>();
        for (var level = 0; level < perHost && chosen.Count < count; level++)
        {
            for (var host = 0; host < counts.Length && chosen.Count < count; host++)
            {
                if (counts[host] == level)
                {
                    counts[host]++;
                    chosen.Add(host);
                }
            }
        }

        return chosen;
    }
}
