using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Asks why tasks wait or failed, but not each time that they are listed: the master has other things to do.</summary>
internal sealed class GridEngineExplanations(RunProgram run, TimeProvider time)
{
    private const int JobsMax = 50;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>The last answer, swapped whole.</summary>
    private Answer _last = new(new HashSet<(long, NodeState)>(), GridEngineReasons.None, null);

    public async Task<IReadOnlyList<QueueTask>> ExplainAsync(IReadOnlyList<QueueTask> tasks, CancellationToken cancellation)
    {
        var wanted = tasks.Where(static task => task.State is NodeState.Waiting or NodeState.Failed).Select(static task => (task.Job, task.State)).ToHashSet();
        if (wanted.Count == 0)
        {
            return tasks;
        }

        var last = _last;
        if (last.At is not { } at || time.GetElapsedTime(at) >= AskAgainAfter || !wanted.IsSubsetOf(last.Asked))
        {
            _last = last = new Answer(wanted, await AskAsync(wanted, cancellation).ConfigureAwait(false), time.GetTimestamp());
        }

        return tasks.Select(last.Reasons.Explain).ToList();
    }

    /// <summary>That no reasons can be had is none to have no list.</summary>
    private async Task<GridEngineReasons> AskAsync(HashSet<(long Job, NodeState State)> wanted, CancellationToken cancellation)
    {
        var jobs = wanted.Select(static asked => asked.Job).Distinct().Order().Take(JobsMax).Select(static job => job.ToString(CultureInfo.InvariantCulture));
        try
        {
            var answer = await run("qstat", ["-j", string.Join(',', jobs), "-xml"], null, cancellation).ConfigureAwait(false);
            return answer.IsOk ? GridEngineReasons.Read(answer.Output) : GridEngineReasons.None;
        }
        catch (ProviderException)
        {
            return GridEngineReasons.None;
        }
    }

    private sealed record Answer(HashSet<(long Job, NodeState State)> Asked, GridEngineReasons Reasons, long? At);
}
