using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Says with which exit code tasks failed: <c>squeue</c> tells only that they did. Each is asked for once. Thread safe.</summary>
internal sealed class SlurmEndings(RunProgram run)
{
    /// <summary>At a time; Slurm forgets ended jobs after minutes, so more than these have failed within minutes.</summary>
    private const int JobsMax = 20;

    /// <summary>By job, the failed tasks whose exit codes are known. Swapped whole.</summary>
    private Dictionary<long, (int Failed, IReadOnlyDictionary<int, string> Codes)> _known = [];

    public async Task<IReadOnlyList<QueueTask>> ExplainAsync(IReadOnlyList<QueueTask> tasks, CancellationToken cancellation)
    {
        var known = new Dictionary<long, (int Failed, IReadOnlyDictionary<int, string> Codes)>();
        foreach (var job in tasks.Where(static task => task.State == NodeState.Failed).GroupBy(static task => task.Job).OrderByDescending(static job => job.Key).Take(JobsMax))
        {
            var failed = job.Count();
            known[job.Key] = _known.TryGetValue(job.Key, out var before) && before.Failed == failed
                ? before
                : (failed, SlurmExitCodes.Read(await AskAsync(job.Key, cancellation).ConfigureAwait(false)));
        }

        _known = known;
        return tasks.Select(task => task.State == NodeState.Failed && known.TryGetValue(task.Job, out var job) && job.Codes.TryGetValue(task.Index, out var code)
            ? task with { Detail = $"{code} ({task.Detail})" }
            : task).ToList();
    }

    private async Task<string> AskAsync(long job, CancellationToken cancellation)
    {
        try
        {
            return (await run("scontrol", ["--oneliner", "show", "job", job.ToString(CultureInfo.InvariantCulture)], null, cancellation).ConfigureAwait(false)).Output;
        }
        catch (ProviderException)
        {
            // It is only for people: the list is complete without it.
            return "";
        }
    }
}
