namespace Weft.Graphs;

/// <summary>What was measured.</summary>
public sealed class BenchResult(string graph, int tasks)
{
    private readonly List<double> _seconds = [];

    public string Graph { get; } = graph;

    public int Tasks { get; } = tasks;

    /// <summary>One for each repeat, in their order.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>What was wrong with the first answer that was; null when all were right.</summary>
    public string? Mistake { get; private set; }

    public bool IsRight => Mistake is null;

    public double BestSeconds => _seconds.Min();

    public double MedianSeconds
    {
        get
        {
            double[] sorted = [.. _seconds.Order()];
            var middle = sorted.Length / 2;
            return sorted.Length % 2 != 0 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>Of the best repeat.</summary>
    public double TasksPerSecond => Tasks / BestSeconds;

    public ProcessSummary Processes { get; internal set; } = ProcessSummary.None;

    internal void Add(TimeSpan elapsed) => _seconds.Add(elapsed.TotalSeconds);

    internal void Note(string? mistake) => Mistake ??= mistake;
}
