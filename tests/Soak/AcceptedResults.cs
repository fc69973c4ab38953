using Weft.Scheduler;
using Weft.Scheduler.Core;

namespace Weft.Soak;

/// <summary>A result that a scheduler wrote down as accepted.</summary>
internal sealed record AcceptedResult(string TaskId, long Attempt, bool IsInline, int Order);

/// <summary>What the schedulers of one cluster accepted, read from copies of their journal that were made whenever one had been killed.</summary>
internal sealed class AcceptedResults
{
    /// <summary>Of a scheduler's first log.</summary>
    private const uint FirstNumber = 1;

    private readonly List<AcceptedResult> _accepted = [];
    private readonly Dictionary<string, AcceptedResult> _last = new(StringComparer.Ordinal);

    /// <summary>In the order in which they were accepted.</summary>
    public IReadOnlyList<AcceptedResult> All => _accepted;

    /// <summary>What is wrong with the journal itself.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Reads what one scheduler wrote: what it took over, then what it accepted.</summary>
    public void Read(string folder)
    {
        var isTakenOver = true;
        var reading = JournalReader.Read(folder, fact =>
        {
            switch (fact)
            {
                case SnapshotEnded:
                    isTakenOver = false;
                    break;
                case ResultsAccepted results:
                    foreach (var result in Each(results))
                    {
                        Take(result, isTakenOver, folder);
                    }

                    break;
            }
        });
        if (reading.Damage is { } damage)
        {
            Faults.Add($"{folder}: {damage}");
        }

        if (reading.Files.Any(static file => file.Name.Number > FirstNumber))
        {
            Faults.Add($"{folder}: a snapshot has replaced a log, so that not everything can be checked: the graph is too large.");
        }
    }

    private static IEnumerable<AcceptedResult> Each(ResultsAccepted results)
    {
        for (var index = 0; index < results.Run.Count; index++)
        {
            yield return new AcceptedResult((results.Run.First + index).ToString(), (long)results.Attempt.Value, results.StoredBytes.Count == 0, 0);
        }
    }

    private void Take(AcceptedResult result, bool isTakenOver, string folder)
    {
        if (!isTakenOver)
        {
            var accepted = result with { Order = _accepted.Count };
            _accepted.Add(accepted);
            _last[result.TaskId] = accepted;
        }
        else if (!_last.TryGetValue(result.TaskId, out var last) || last.Attempt != result.Attempt)
        {
            Faults.Add($"{folder}: took over a result of {result.TaskId} by attempt {result.Attempt}, and the last that was accepted is {last?.Attempt.ToString() ?? "none"}.");
        }
    }
}
