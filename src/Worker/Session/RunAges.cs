using Weft.Primitives;

namespace Weft.Worker;

/// <summary>How long tasks have been seen to run, from one look to the next: what begins and ends in between costs nothing.</summary>
internal sealed class RunAges
{
    private Dictionary<(TaskId Task, Attempt Attempt), long> _since = [];
    private Dictionary<(TaskId Task, Attempt Attempt), long> _before = [];

    /// <returns>For how long the one has run that was seen first; zero: none was seen before.</returns>
    public long Look(IEnumerable<(TaskId Task, Attempt Attempt)> running, long nowMs)
    {
        (_since, _before) = (_before, _since);
        _since.Clear();
        var longest = 0L;
        foreach (var run in running)
        {
            var since = _before.GetValueOrDefault(run, nowMs);
            _since[run] = since;
            longest = Math.Max(longest, nowMs - since);
        }

        return longest;
    }
}
