using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// Finds out how tasks ended that are in the queue no more: <c>qstat</c> forgets them at once, and <c>qacct</c>, which reads all of a site's history, is asked for what this process has seen itself,
/// seldom, and not for ever. It only tells people what happened: who has seen nothing, or finds no accounting, misses nothing else. Thread safe.
/// </summary>
internal sealed class GridEngineEndings(RunProgram run, TimeProvider time)
{
    /// <summary>What is beyond is not remembered: it goes untold.</summary>
    private const int TasksMax = 10_000;

    private const int JobsAtATimeMax = 10;

    /// <summary>Accounting is written every 15 s, by default.</summary>
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan TellFor = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();

    private readonly Dictionary<(long Job, int Index), Seen> _seen = [];

    private long? _askedAt;

    public void Submitted(long job, LaunchRequest part)
    {
        lock (_gate)
        {
            foreach (var node in part.Nodes)
            {
                See(GridEngineJobList.Task(node, job, NodeState.Waiting));
            }
        }
    }

    /// <summary>They end because they were told to: there is nothing to find out.</summary>
    public void Deleted(IEnumerable<QueueTask> tasks)
    {
        lock (_gate)
        {
            foreach (var task in tasks)
            {
                _seen.Remove((task.Job, task.Index));
            }
        }
    }

    /// <summary>The tasks of the queue, and those that have ended.</summary>
    public async Task<IReadOnlyList<QueueTask>> AddAsync(IReadOnlyList<QueueTask> queued, CancellationToken cancellation)
    {
        foreach (var job in Note(queued))
        {
            var printed = await AskAsync(job, cancellation).ConfigureAwait(false);
            Learn(GridEngineAccounting.Read(printed));
        }

        lock (_gate)
        {
            return [.. queued, .. _seen.Values.Where(static seen => seen.HasEnding).Select(static seen => seen.Task)];
        }
    }

    /// <returns>The jobs to be asked for now.</returns>
    private List<long> Note(IReadOnlyList<QueueTask> queued)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var there = queued.Select(static task => (task.Job, task.Index)).ToHashSet();
            foreach (var (key, seen) in _seen.Where(pair => !there.Contains(pair.Key)).ToList())
            {
                _seen[key] = seen with { GoneAt = seen.GoneAt ?? now };
            }

            foreach (var task in queued)
            {
                See(task);
            }

            foreach (var (key, _) in _seen.Where(pair => pair.Value.GoneAt is { } gone && time.GetElapsedTime(gone, now) > (pair.Value.HasEnding ? TellFor : AskFor)).ToList())
            {
                _seen.Remove(key);
            }

            var open = _seen.Where(static pair => pair.Value is { GoneAt: not null, HasEnding: false }).Select(static pair => pair.Key.Job).Distinct().Order().Take(JobsAtATimeMax).ToList();
            if (open.Count == 0 || (_askedAt is { } asked && time.GetElapsedTime(asked, now) < AskAgainAfter))
            {
                return [];
            }

            _askedAt = now;
            return open;
        }
    }

    /// <summary>A task that is being deleted ends because it was told to, whoever told it.</summary>
    private void See(QueueTask task)
    {
        var key = (task.Job, task.Index);
        if (task.State == NodeState.Ending)
        {
            _seen.Remove(key);
        }
        else if (_seen.Count < TasksMax || _seen.ContainsKey(key))
        {
            _seen[key] = new Seen(task, null, false);
        }
    }

    private void Learn(IEnumerable<GridEngineAccounting> endings)
    {
        lock (_gate)
        {
            foreach (var ending in endings)
            {
                if (_seen.TryGetValue((ending.Job, ending.Index), out var seen) && seen.GoneAt is not null)
                {
                    _seen[(ending.Job, ending.Index)] = seen with { Task = seen.Task with { State = ending.State, Detail = ending.Detail, IsStuck = false }, HasEnding = true };
                }
            }
        }
    }

    private async Task<string> AskAsync(long job, CancellationToken cancellation)
    {
        try
        {
            var answer = await run("qacct", ["-j", job.ToString(CultureInfo.InvariantCulture)], null, cancellation).ConfigureAwait(false);
            return answer.IsOk ? answer.Output : "";
        }
        catch (ProviderException)
        {
            // No such program, or no accounting here: it goes untold.
            return "";
        }
    }

    /// <param name="Task">As it was last in the queue; with its ending once that is known.</param>
    /// <param name="GoneAt">Since when the queue has it no more.</param>
    /// <param name="HasEnding">How it ended is known.</param>
    private readonly record struct Seen(QueueTask Task, long? GoneAt, bool HasEnding);
}
