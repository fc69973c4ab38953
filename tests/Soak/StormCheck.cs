using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Weft.Soak;

/// <summary>
/// Compares what processes noted of the tasks that they ran with what schedulers wrote down as accepted. No attempt is accepted twice; an accepted
/// one was really run; and a task runs again only when its attempt, or all copies of its result, may have been lost. A result that nobody needed any
/// more was let go of, and is made again when what was made of it is lost.
/// </summary>
internal sealed class StormCheck(StormGraph graph, ILookup<string, NotedRun> runs, AcceptedResults accepted, IReadOnlyList<StormEvent> events, long origin)
{
    private const int StoriesMax = 5;

    /// <summary>How long after something happened its consequences may still be seen: a lease, and a busy machine.</summary>
    private static readonly long Aftermath = (long)((StormCluster.Lease.TotalSeconds + 5) * Stopwatch.Frequency);

    private readonly ILookup<string, AcceptedResult> _accepted = accepted.All.ToLookup(static result => result.TaskId, StringComparer.Ordinal);
    private readonly Dictionary<int, string> _ids = runs.ToDictionary(static task => task.First().Note.Number, static task => task.Key);
    private readonly List<(string Wrong, string TaskId)> _wrong = [];

    public void Run(List<string> wrong)
    {
        foreach (var task in _accepted)
        {
            CheckAccepted(task.Key, [.. task]);
        }

        foreach (var task in runs)
        {
            CheckRuns(task.Key, [.. task]);
        }

        wrong.AddRange(accepted.Faults.Take(StoriesMax));
        wrong.AddRange(_wrong.Take(StoriesMax).Select(one => $"{one.Wrong}\n{Story(one.TaskId)}"));
        if (_wrong.Count > StoriesMax)
        {
            wrong.Add($"and {_wrong.Count - StoriesMax} more of such");
        }
    }

    public string Summary(double seconds)
    {
        var all = runs.Sum(static task => task.Count());
        var twice = _accepted.Count(static task => task.Count() > 1);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds:0.0} s, {events.Count(static one => one.What.EndsWith("killed", StringComparison.Ordinal))} workers killed, {runs.Count} tasks, {all - runs.Count} runs more than tasks, {accepted.All.Count} results accepted, {twice} tasks made anew");
    }

    private void CheckAccepted(string task, AcceptedResult[] results)
    {
        foreach (var twice in results.GroupBy(static result => result.Attempt).Where(static same => same.Count() > 1))
        {
            _wrong.Add(($"Task {task}: attempt {twice.Key} was accepted {twice.Count()} times.", task));
        }

        foreach (var result in results)
        {
            if (RunOf(result) is null)
            {
                _wrong.Add(($"Task {task}: attempt {result.Attempt} was accepted, and no process ran it to its end.", task));
            }
        }

        for (var index = 1; index < results.Length; index++)
        {
            var (before, after) = (results[index - 1], results[index]);
            if (RunOf(before) is { } first && RunOf(after) is { } second
                && (before.IsInline || !IsHarmed(first.ProcessId, first.Note.Began, second.Note.Began))
                && !WasLetGoOf(second, after))
            {
                _wrong.Add(($"Task {task}: its result was {(before.IsInline ? "at the scheduler" : "at a worker to which nothing happened")}, and it was made again.", task));
            }
        }
    }

    /// <summary>Whether nobody needed a result any more, until what had been made of it was lost too.</summary>
    private bool WasLetGoOf(NotedRun again, AcceptedResult after)
    {
        if (graph.IsKept(again.Note.Number))
        {
            return false;
        }

        var consumers = graph.ConsumersOf(again.Note.Number).Select(consumer => _ids.GetValueOrDefault(consumer, "")).ToArray();
        return consumers.All(consumer => _accepted[consumer].Any(result => result.Order < after.Order))
            && consumers.Any(consumer => runs[consumer].Any(run => run.Note.Began > again.Note.Ended || IsHarmed(run.ProcessId, run.Note.Began, again.Note.Began)));
    }

    private void CheckRuns(string task, NotedRun[] noted)
    {
        for (var index = 1; index < noted.Length; index++)
        {
            if (!events.Any(one => IsFault(one) && one.Began <= noted[index].Note.Began && one.Ended + Aftermath >= noted[index - 1].Note.Began))
            {
                _wrong.Add(($"Task {task}: it ran again, and nothing had happened.", task));
            }
        }
    }

    private NotedRun? RunOf(AcceptedResult result) => runs[result.TaskId].FirstOrDefault(run => run.Note.Attempt == result.Attempt && run.HasEnded);

    private bool IsHarmed(int process, long from, long to) => events.Any(one => one.ProcessId == process && one.Began <= to && one.Ended + Aftermath >= from);

    private static bool IsFault(StormEvent one) => one.ProcessId is not null || one.What.StartsWith("scheduler", StringComparison.Ordinal);

    private string Story(string task)
    {
        var text = new StringBuilder();
        foreach (var run in runs[task])
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    {At(run.Note.Began)} process {run.ProcessId} began attempt {run.Note.Attempt}, {(run.HasEnded ? $"ended {At(run.Note.Ended)}" : "and did not end")} (number {run.Note.Number})");
        }

        foreach (var result in _accepted[task])
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    accepted {(result.IsInline ? "inline" : "at its worker")}: attempt {result.Attempt}, as result number {result.Order}");
        }

        return text.ToString().TrimEnd();
    }

    private string At(long ticks) => string.Create(CultureInfo.InvariantCulture, $"{StormEvent.Seconds(ticks - origin):0.000}");
}
