using System.Globalization;
using System.Text.RegularExpressions;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Slurm, by its programs.</summary>
internal sealed partial class SlurmQueue(ClusterSettings settings, RunProgram run) : IQueue
{
    private readonly QueueLogs _logs = QueueLogs.Of(settings);
    private readonly SlurmEndings _endings = new(run);

    /// <summary>Asked once: it changes with Slurm's configuration only. Null: not yet.</summary>
    private SlurmArrays? _arrays;

    public async Task CheckAsync(CancellationToken cancellation)
    {
        await RunAsync("sbatch", ["--version"], cancellation).ConfigureAwait(false);
        await RunAsync("scancel", ["--version"], cancellation).ConfigureAwait(false);
        await RunAsync("squeue", ["--me", "--noheader"], cancellation).ConfigureAwait(false);
        foreach (var partition in settings.Provider.Text("partition")?.Split(',') ?? [])
        {
            await RunAsync("scontrol", ["show", "partition", partition], cancellation).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<QueueTask>> ListAsync(CancellationToken cancellation)
    {
        var printed = await RunAsync("squeue", SlurmJobList.Arguments, cancellation).ConfigureAwait(false);
        return await _endings.ExplainAsync(SlurmJobList.Read(printed, settings.ClusterName), cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<LaunchRequest>> SplitAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var arrays = await ArraysAsync(cancellation).ConfigureAwait(false);
        return Parts(arrays, request);
    }

    public async Task SubmitAsync(LaunchRequest part, CancellationToken cancellation)
    {
        var submission = SlurmSubmission.Of(settings, _logs, await ArraysAsync(cancellation).ConfigureAwait(false), part);
        _logs.MakeFolder();
        var answer = await run("sbatch", submission.Arguments, submission.Script, cancellation).ConfigureAwait(false);
        if (!answer.IsOk)
        {
            throw SlurmRefusal.Of(answer);
        }

        settings.Log($"job {answer.Output.Trim()}: {part.Count} x {part.Type}");
    }

    public async Task<ProviderException?> DeleteAsync(IReadOnlyList<QueueTask> tasks, CancellationToken cancellation)
    {
        var names = tasks.GroupBy(static task => task.Job).Select(static job =>
            string.Create(CultureInfo.InvariantCulture, $"{job.Key}_[{string.Join(',', NumberRun.Of(job.Select(static task => task.Index)))}]")).ToList();
        var answer = await run("scancel", names, null, cancellation).ConfigureAwait(false);
        return answer.IsOk ? null : SlurmRefusal.Of(answer);
    }

    public string LogFile(NodeId node) => _logs.File(node);

    public string Describe(LaunchRequest request) => string.Concat(Parts(_arrays ?? SlurmArrays.Usual, request).Select(part =>
    {
        var submission = SlurmSubmission.Of(settings, _logs, _arrays ?? SlurmArrays.Usual, part);
        return $"{ShellText.CommandLine("sbatch", submission.Arguments)} <<'END_OF_JOB'\n{submission.Script}END_OF_JOB\n";
    }));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static List<LaunchRequest> Parts(SlurmArrays arrays, LaunchRequest request) =>
        arrays.Split(new NumberRun(request.First, request.First + request.Count - 1)).Select(run => request with { First = run.First, Count = run.Count }).ToList();

    private async Task<SlurmArrays> ArraysAsync(CancellationToken cancellation)
    {
        if (_arrays is null)
        {
            var printed = await RunAsync("scontrol", ["show", "config"], cancellation).ConfigureAwait(false);
            _arrays = MaxArraySize().Match(printed) is { Success: true } match && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var size)
                ? SlurmArrays.Of(size)
                : SlurmArrays.Usual;
        }

        return _arrays.Value;
    }

    private async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var answer = await run(program, arguments, null, cancellation).ConfigureAwait(false);
        return answer.IsOk ? answer.Output : throw SlurmRefusal.Of(answer);
    }

    [GeneratedRegex(@"^MaxArraySize\s*=\s*(\d+)", RegexOptions.Multiline)]
    private static partial Regex MaxArraySize();
}
