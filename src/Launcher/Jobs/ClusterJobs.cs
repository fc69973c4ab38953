using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// The programs that were submitted to a cluster: they run on its head, independently of whoever submitted them. What they wrote and how they ended is kept there when the cluster has ended. Nothing is
/// remembered here: calls may overlap, and others may do the same at the same time.
/// </summary>
public sealed class ClusterJobs(ClusterSite site)
{
    /// <summary>Between SIGTERM and SIGKILL.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private string Cluster => site.Configuration.ClusterName;

    /// <summary>Copies a program to the head and starts it there.</summary>
    /// <param name="program">Is not disposed.</param>
    /// <param name="request">How it is called and run.</param>
    /// <param name="cancellation">Ends the copying; the starting is not given up, but one that fails then leaves no job.</param>
    /// <returns>Completes when the program has been started.</returns>
    /// <exception cref="LaunchException">There is a job of this name, it could not be copied, or it did not start.</exception>
    public async Task SubmitAsync(JobProgram program, JobRequest request, CancellationToken cancellation)
    {
        var jobs = await JobsFolderAsync(cancellation).ConfigureAwait(false);
        var upload = $".{request.Id}.{Guid.NewGuid():N}";
        Check(await RunAsync(JobScripts.Prepare(Cluster, jobs, request.Id, upload), null, cancellation).ConfigureAwait(false), request);
        try
        {
            await CopyAsync(program, $"{jobs}/{upload}", cancellation).ConfigureAwait(false);
            var record = new JobRecord
            {
                Id = request.Id,
                Cluster = Cluster,
                SchedulerFile = await site.SchedulerFileAsync(cancellation).ConfigureAwait(false),
                Command = [.. program.Command, .. request.Arguments],
                Submitted = DateTimeOffset.UtcNow,
                EndsCluster = request.EndsCluster,
            };
            var head = await HeadEnvironment.ScriptAsync(site, cancellation).ConfigureAwait(false);
            var script = JobScripts.Start(Cluster, jobs, request.Id, upload, new HeadProgram(site).Path, head, request.Variables);

            // From here on there may be a job: whoever gives up now must know of it to end it.
            cancellation.ThrowIfCancellationRequested();
            await StartAsync(script, record, request, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await AbandonAsync(jobs, upload).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>All jobs, the oldest first; those of clusters of this name that have ended are among them.</summary>
    /// <exception cref="LaunchException">The head's host cannot be reached.</exception>
    public async Task<IReadOnlyList<JobView>> ListAsync(CancellationToken cancellation)
    {
        var jobs = await LookAsync(cancellation).ConfigureAwait(false);
        if (jobs.All(static job => job.State != JobState.Lost))
        {
            return jobs;
        }

        // One that ended, or began, between the look at processes and that at files seems lost, but not twice.
        var lost = jobs.Where(static job => job.State == JobState.Lost).Select(static job => job.Id).ToHashSet(StringComparer.Ordinal);
        return [.. (await LookAsync(cancellation).ConfigureAwait(false)).Select(job => job.State == JobState.Lost && !lost.Contains(job.Id) ? job with { IsWatched = true } : job)];
    }

    /// <summary>One job.</summary>
    /// <param name="prefix">Its name, or the beginning of it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LaunchException">There is no such job, or more than one, or the head's host cannot be reached.</exception>
    public async Task<JobView> FindAsync(string prefix, CancellationToken cancellation) => JobNames.Choose(prefix, await ListAsync(cancellation).ConfigureAwait(false));

    /// <summary>A part of what a job has written.</summary>
    /// <param name="id">Its whole name.</param>
    /// <param name="offset">From where, in bytes.</param>
    /// <param name="patience">How long there may be nothing new, unless the job is over.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LaunchException">The head's host cannot be reached.</exception>
    public async Task<JobOutput> ReadOutputAsync(string id, long offset, TimeSpan patience, CancellationToken cancellation)
    {
        var jobs = await JobsFolderAsync(cancellation).ConfigureAwait(false);
        var read = await RunAsync(JobScripts.ReadOutput(Cluster, jobs, id, offset, patience), null, cancellation).ConfigureAwait(false);
        return JobReport.TryReadOutput(read.Output, out var output) ? output : throw Failed($"what job {id} wrote cannot be read", read);
    }

    /// <summary>Ends a job with all its processes: SIGTERM, SIGKILL after ten seconds. One that is over is left as it is.</summary>
    /// <param name="id">Its whole name.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="LaunchException">Processes are left, or the head's host cannot be reached.</exception>
    public Task StopAsync(string id, CancellationToken cancellation) => StopAsync(id, $"job {id}", cancellation);

    /// <summary>Ends all jobs.</summary>
    internal Task StopAllAsync(CancellationToken cancellation) => StopAsync(null, "the jobs", cancellation);

    private async Task StopAsync(string? id, string who, CancellationToken cancellation)
    {
        var jobs = await JobsFolderAsync(cancellation).ConfigureAwait(false);
        var stopped = await RunAsync(JobScripts.Stop(Cluster, jobs, id, Grace), null, cancellation).ConfigureAwait(false);
        if (!stopped.IsOk || stopped.Output.Length > 0)
        {
            throw Failed($"{who} could not be ended", stopped);
        }
    }

    private async Task StartAsync(string script, JobRecord record, JobRequest request, CancellationToken cancellation)
    {
        try
        {
            Check(await RunAsync(script, record.ToJson(), CancellationToken.None).ConfigureAwait(false), request);
        }
        catch (LaunchException failure) when (cancellation.IsCancellationRequested && failure.ExitCode != ExitCodes.Usage)
        {
            // What was to cancel this may have ended the shell, or the way to it, and left what it had started: a job whose name nobody was told.
            await StopStartedAsync(request.Id).ConfigureAwait(false);
            throw new OperationCanceledException(cancellation);
        }
    }

    private async Task StopStartedAsync(string id)
    {
        try
        {
            await StopAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LaunchException failure)
        {
            throw new LaunchException(failure.ExitCode, $"job {id} may run: {failure.Message}");
        }
    }

    private async Task CopyAsync(JobProgram program, string folder, CancellationToken cancellation)
    {
        try
        {
            await new HeadProgram(site).BringAsync(cancellation).ConfigureAwait(false);
            await site.Head.CopyToAsync(program.CopyTo(folder), cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }
    }

    private async Task AbandonAsync(string jobs, string upload)
    {
        try
        {
            await RunAsync(JobScripts.Abandon(Cluster, jobs, upload), null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LaunchException)
        {
            // What failed before says more. A later submission removes it.
        }
    }

    private async Task<IReadOnlyList<JobView>> LookAsync(CancellationToken cancellation)
    {
        var listed = await RunAsync(JobScripts.List(Cluster, await JobsFolderAsync(cancellation).ConfigureAwait(false)), null, cancellation).ConfigureAwait(false);
        return JobReport.TryReadJobs(listed.Output, out var found) ? found : throw Failed("the jobs cannot be listed", listed);
    }

    private void Check(CommandResult result, JobRequest request)
    {
        if (result.ExitCode == JobScripts.Exists)
        {
            throw new LaunchException(ExitCodes.Usage, $"there is a job {request.Id} already.");
        }

        if (!result.IsOk)
        {
            throw Failed($"job {request.Id} could not be started", result);
        }
    }

    private async Task<CommandResult> RunAsync(string script, string? input, CancellationToken cancellation)
    {
        try
        {
            return await site.Head.RunAsync(script, input, cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.NotReachable, failure.Message);
        }
    }

    private async Task<string> JobsFolderAsync(CancellationToken cancellation)
    {
        site.RequireHeadMachine();
        try
        {
            return (await site.FolderAsync(cancellation).ConfigureAwait(false)).Jobs;
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.NotReachable, failure.Message);
        }
    }

    private LaunchException Failed(string what, CommandResult result) => new(ExitCodes.Failure, $"{what} on {site.Head.Name}: {result.Complaint}");
}
