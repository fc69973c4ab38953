using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Grid Engine, by its programs.</summary>
internal sealed class GridEngineQueue(ClusterSettings settings, RunProgram run) : IQueue
{
    private readonly QueueLogs _logs = QueueLogs.Of(settings);
    private readonly GridEngineScripts _scripts = new(settings);
    private readonly GridEngineExplanations _explanations = new(run, TimeProvider.System);
    private readonly GridEngineEndings _endings = new(settings.ClusterName, run, TimeProvider.System);

    public async Task CheckAsync(CancellationToken cancellation)
    {
        await RunAsync("qsub", ["-help"], cancellation).ConfigureAwait(false);
        await RunAsync("qdel", ["-help"], cancellation).ConfigureAwait(false);
        await RunAsync("qstat", ["-u", "$user"], cancellation).ConfigureAwait(false);
        if (settings.Provider.Text("queue") is { } queue)
        {
            await CheckQueueAsync(queue, cancellation).ConfigureAwait(false);
        }

        if (settings.Provider.Text("parallel_environment") is { } environment && !environment.AsSpan().ContainsAny("*?["))
        {
            await RunAsync("qconf", ["-sp", environment], cancellation).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<QueueTask>> ListAsync(CancellationToken cancellation)
    {
        // '$user' is for qstat: whoever runs it. Without it a site's defaults could hide jobs or show those of all.
        var printed = await RunAsync("qstat", ["-xml", "-u", "$user"], cancellation).ConfigureAwait(false);
        var queued = await _explanations.ExplainAsync(GridEngineJobList.Read(printed, settings.ClusterName), cancellation).ConfigureAwait(false);
        return _endings.Add(queued);
    }

    public Task<IReadOnlyList<LaunchRequest>> SplitAsync(LaunchRequest request, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<LaunchRequest>>([request]);

    public async Task SubmitAsync(LaunchRequest part, CancellationToken cancellation)
    {
        var submission = GridEngineSubmission.Of(settings, _logs, _scripts.FileOf(part), part);
        _logs.MakeFolder();
        _scripts.Write(part);
        var answer = await run("qsub", submission.Arguments, submission.Script, cancellation).ConfigureAwait(false);
        if (!answer.IsOk)
        {
            throw GridEngineRefusal.Of(answer);
        }

        // As in "62.1-12:1"; a site's own qsub may say something else before it.
        var name = answer.Output.Trim().Split('\n')[^1];
        settings.Log($"job {name}: {part.Count} x {part.Type}");
        if (long.TryParse(name.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var job))
        {
            _endings.Submitted(job, part);
        }
    }

    public async Task<ProviderException?> DeleteAsync(IReadOnlyList<QueueTask> tasks, CancellationToken cancellation)
    {
        var names = tasks.GroupBy(static task => task.Job).SelectMany(static job => NumberRun.Of(job.Select(static task => task.Index))
            .Select(tasks => string.Create(CultureInfo.InvariantCulture, $"{job.Key}.{tasks}"))).ToList();
        _endings.Deleted(tasks);
        var answer = await run("qdel", names, null, cancellation).ConfigureAwait(false);
        return answer.IsOk ? null : GridEngineRefusal.Of(answer);
    }

    public void CleanUp() => _scripts.Remove();

    public string LogFile(NodeId node) => _logs.File(node);

    public string Describe(LaunchRequest request)
    {
        var submission = GridEngineSubmission.Of(settings, _logs, _scripts.FileOf(request), request);
        return $"{_scripts.Describe(request)}{ShellText.CommandLine("qsub", submission.Arguments)} <<'END_OF_JOB'\n{submission.Script}END_OF_JOB\n";
    }

    public ValueTask DisposeAsync() => _endings.DisposeAsync();

    /// <summary>By <c>qselect</c>, which knows all that may stand for a queue: a list, a pattern, a queue at a host. Of one that there is not it says nothing at all.</summary>
    private async Task CheckQueueAsync(string queue, CancellationToken cancellation)
    {
        var answer = await run("qselect", ["-q", queue], null, cancellation).ConfigureAwait(false);
        if (!answer.IsOk)
        {
            throw answer.Output.Length + answer.Error.Length > 0 ? GridEngineRefusal.Of(answer) : new ProviderException(FailureKind.Permanent, $"Grid Engine has no queue '{queue}' (qselect -q {queue})");
        }
    }

    private async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var answer = await run(program, arguments, null, cancellation).ConfigureAwait(false);
        return answer.IsOk ? answer.Output : throw GridEngineRefusal.Of(answer);
    }
}
