namespace Weft.Launcher;

/// <summary>Hands a program to a cluster, and brings the cluster up for it if that is wanted.</summary>
public sealed class JobSubmission(ClusterSite site, Action<string> say)
{
    /// <param name="program">Is not disposed.</param>
    /// <param name="request">How it is called and run.</param>
    /// <param name="bringUp">Bring the cluster up if it is not.</param>
    /// <param name="cancellation">Gives up, unless the program is being started already.</param>
    /// <returns>Completes when the program has been started.</returns>
    /// <exception cref="LaunchException">The cluster is not up or cannot be brought up, or the program could not be started.</exception>
    public async Task RunAsync(JobProgram program, JobRequest request, bool bringUp, CancellationToken cancellation)
    {
        var up = new ClusterUp(site, say);
        if (bringUp)
        {
            await using var reach = await up.RunAsync(waitForAll: false, cancellation).ConfigureAwait(false);
        }
        else
        {
            await using var reach = await SchedulerReach.RequireAsync(site, cancellation).ConfigureAwait(false);
            _ = await reach.AskAsync(cancellation).ConfigureAwait(false);
        }

        try
        {
            await new ClusterJobs(site).SubmitAsync(program, request, cancellation).ConfigureAwait(false);
        }
        catch when (bringUp && request.EndsCluster)
        {
            // It was brought up for this job alone, which there will not be.
            await up.TakeDownAsync().ConfigureAwait(false);
            throw;
        }
    }
}
