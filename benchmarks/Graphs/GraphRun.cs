namespace Weft.Graphs;

/// <summary>What came of a run.</summary>
/// <param name="Answers">Results that the graph is checked by.</param>
/// <param name="Futures">All of its futures, so that the cluster holds every result until the run has been looked at.</param>
public sealed record GraphRun(long[] Answers, IReadOnlyList<IDisposable> Futures)
{
    /// <summary>Lets go of all results.</summary>
    public void Release()
    {
        foreach (var future in Futures)
        {
            future.Dispose();
        }
    }
}
