using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// Finds out how tasks ended that are in the queue no more: <c>qstat</c> forgets them at once, and <c>qacct</c>, which reads all of a site's history, is asked for what this process has seen itself,
/// seldom, and not for ever. It only tells people what happened: who has seen nothing, or finds no accounting, misses nothing else. So nobody waits for it, which takes minutes where accounting has
/// gigabytes: a task is on no list from when the queue has it no more until its ending is known. Thread safe.
/// </summary>
internal sealed class GridEngineEndings(string cluster, RunProgram run, TimeProvider time) : IAsyncDisposable
{
    /// <summary>What is beyond is not remembered: it goes untold.</summary>
    private const int TasksMax = 10_000;

    private const int JobsAtATimeMax = 10;

    /// <summary>Accounting is written every 15 s, by default. Each task is asked for once at least.</summary>
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan TellFor = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();

    private readonly Dictionary<(long Job, int Index), Seen> _seen = [];

    private readonly CancellationTokenSource _ending = new();

    /// <summary>The round of questions that is under way, or the last.</summary>
    private Task _asking = Task.CompletedTask;

    /// <summary>When the last round ended.</summary>
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

    /// <summary>The tasks of the queue, and those of which it is known by now how they ended.</summary>
    public IReadOnlyList<QueueTask> Add(IReadOnlyList<QueueTask> queued)
    {
        lock (_gate)
        {
            Note(queued);
        }

        BeginRound();
        lock (_gate)
        {
            return [.. queued, .. _seen.Values.Where(static seen => seen.ToldSince is not null).Select(static seen => seen.Task)];
        }
    }

    /// <summary>Asks no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        Task asking;
        lock (_gate)
        {
            asking = _asking;
        }

        await asking.ConfigureAwait(false);
    }

    private void Note(IReadOnlyList<QueueTask> queued)
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

        // A round that is under way may still bring what it was begun for.
        var isAsking = !_asking.IsCompleted;
        foreach (var (key, _) in _seen.Where(pair => IsOver(pair.Value)).ToList())
        {
            _seen.Remove(key);
        }

        bool IsOver(Seen seen) => seen.ToldSince is { } told ? time.GetElapsedTime(told, now) > TellFor
            : seen is { GoneAt: { } gone, AskedAt: not null } && !isAsking && time.GetElapsedTime(gone, now) > AskFor;
    }

    /// <summary>Begins to ask for what is open, unless that is being done, or was a moment ago.</summary>
    private void BeginRound()
    {
        // Completed when the round is over. The round itself may be, at once, and takes the lock.
        var round = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<long> jobs;
        lock (_gate)
        {
            // Those that have not been asked for come first.
            jobs = [.. _seen.Where(static pair => pair.Value is { GoneAt: not null, ToldSince: null }).GroupBy(static pair => pair.Key.Job)
                .OrderBy(static job => job.Min(static pair => pair.Value.AskedAt ?? long.MinValue)).ThenBy(static job => job.Key).Select(static job => job.Key).Take(JobsAtATimeMax)];
            if (jobs.Count == 0 || !_asking.IsCompleted || _ending.IsCancellationRequested || (_askedAt is { } asked && time.GetElapsedTime(asked) < AskAgainAfter))
            {
                return;
            }

            _asking = round.Task;
        }

        _ = AskAsync(jobs, round);
    }

    private async Task AskAsync(List<long> jobs, TaskCompletionSource round)
    {
        try
        {
            foreach (var job in jobs)
            {
                var began = time.GetTimestamp();
                var printed = await AskAsync(job).ConfigureAwait(false);
                if (_ending.IsCancellationRequested)
                {
                    break;
                }

                Learn(job, began, GridEngineAccounting.Read(printed));
            }
        }
        finally
        {
            lock (_gate)
            {
                _askedAt = time.GetTimestamp();
                round.SetResult();
            }
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
            _seen[key] = new Seen(task, null, null, null);
        }
    }

    private void Learn(long job, long askedAt, IEnumerable<GridEngineAccounting> endings)
    {
        lock (_gate)
        {
            foreach (var (key, seen) in _seen.Where(pair => pair.Key.Job == job && pair.Value.GoneAt <= askedAt).ToList())
            {
                _seen[key] = seen with { AskedAt = askedAt };
            }

            var now = time.GetTimestamp();

            foreach (var ending in endings.GroupBy(static ending => (ending.JobName, ending.Job, ending.Index)).Select(static same => same.Last()))
            {
                if (_seen.TryGetValue((ending.Job, ending.Index), out var seen) && seen is { GoneAt: not null, ToldSince: null } && ending.JobName == GridEngineJobName.Of(cluster, seen.Task.Node.Type))
                {
                    _seen[(ending.Job, ending.Index)] = seen with { Task = seen.Task with { State = ending.State, Detail = ending.Detail, IsStuck = false }, ToldSince = now };
                }
            }
        }
    }

    private async Task<string> AskAsync(long job)
    {
        try
        {
            var answer = await run("qacct", ["-j", job.ToString(CultureInfo.InvariantCulture)], null, _ending.Token).ConfigureAwait(false);
            return answer.IsOk ? answer.Output : "";
        }
        catch (Exception)
        {
            // No such program, no accounting here, no answer in time, or it asks no more: it goes untold.
            return "";
        }
    }

    /// <param name="Task">As it was last in the queue; with its ending once that is known.</param>
    /// <param name="GoneAt">Since when the queue has it no more.</param>
    /// <param name="AskedAt">When accounting was asked for it last, after it had gone.</param>
    /// <param name="ToldSince">Since when it is known how it ended.</param>
    private readonly record struct Seen(QueueTask Task, long? GoneAt, long? AskedAt, long? ToldSince);
}
