using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft job</c>: what became of programs that were submitted. All of it can be asked when the cluster has ended, too.</summary>
internal static class JobCommands
{
    public static Command Create() => new("job", "Look after programs that were submitted to a cluster") { CreateList(), CreateStatus(), CreateLogs(), CreateStop() };

    /// <summary>What <c>weft submit</c> starts on the head.</summary>
    public static Command CreateRun()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The job's folder" };
        var command = new Command("job-run", "Run a job and keep how it is") { folder };
        command.Hidden = true;
        command.SetAction(async parsed =>
        {
            using var signals = new StopSignals();
            return await new JobSupervisor(Path.GetFullPath(parsed.GetValue(folder)!), static line => Console.Error.WriteLine($"weft: {line}")).RunAsync(signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    private static Command CreateList()
    {
        var (file, json) = (ClusterFileArgument.Create(), ValueOptions.Flag("--json", "Print one JSON document"));
        var command = new Command("list", "List the jobs, the oldest first") { file, json };
        command.SetAction((parsed, cancellation) => WithJobsAsync(parsed.GetValue(file)!, async jobs =>
        {
            var found = await jobs.ListAsync(cancellation).ConfigureAwait(false);
            if (parsed.GetValue(json) || found.Count > 0)
            {
                await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JobText.ToJson(found) : JobText.ToTable(found)).ConfigureAwait(false);
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command CreateStatus()
    {
        var (file, id, json) = (ClusterFileArgument.Create(), IdArgument(), ValueOptions.Flag("--json", "Print one JSON document"));
        var command = new Command("status", "Show one job; ends with 0 when it runs or ended well, else with 1") { file, id, json };
        command.SetAction((parsed, cancellation) => WithJobsAsync(parsed.GetValue(file)!, async jobs =>
        {
            var job = await jobs.FindAsync(parsed.GetValue(id)!, cancellation).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JobText.ToJson(job) : JobText.ToLines(job)).ConfigureAwait(false);
            return job.State is JobState.Starting or JobState.Running or JobState.Succeeded ? ExitCodes.Ok : ExitCodes.Failure;
        }));
        return command;
    }

    private static Command CreateLogs()
    {
        var (file, id, follow) = (ClusterFileArgument.Create(), IdArgument(), ValueOptions.Flag("--follow", "Go on until the job is over"));
        follow.Aliases.Add("-f");
        var command = new Command("logs", "Print what a job has written") { file, id, follow };
        command.SetAction((parsed, cancellation) => WithJobsAsync(parsed.GetValue(file)!, async jobs =>
        {
            using var signals = new StopSignals();
            var job = await jobs.FindAsync(parsed.GetValue(id)!, signals.Token).ConfigureAwait(false);
            await (parsed.GetValue(follow)
                ? JobOutputText.FollowAsync(jobs, job.Id, static line => Console.Error.WriteLine($"weft job: {line}"), signals.Token)
                : JobOutputText.PrintAsync(jobs, job.Id, signals.Token)).ConfigureAwait(false);
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command CreateStop()
    {
        var (file, id) = (ClusterFileArgument.Create(), IdArgument());
        var dryRun = ValueOptions.Flag("--dry-run", "Print which job would be ended, and do nothing");
        var command = new Command("stop", "End a job with all its processes: SIGTERM, and SIGKILL after 10 s") { file, id, dryRun };
        command.SetAction((parsed, cancellation) => WithJobsAsync(parsed.GetValue(file)!, async jobs =>
        {
            var job = await jobs.FindAsync(parsed.GetValue(id)!, cancellation).ConfigureAwait(false);
            if (parsed.GetValue(dryRun))
            {
                await Console.Out.WriteLineAsync($"job {job.Id}: {job.StateText}").ConfigureAwait(false);
                return ExitCodes.Ok;
            }

            await jobs.StopAsync(job.Id, cancellation).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(job.IsOver && job.Processes == 0 ? $"job {job.Id} was over: {job.StateText}." : $"job {job.Id} is stopped.").ConfigureAwait(false);
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Argument<string> IdArgument() => new("ID") { Description = "The job's name, or the beginning of it" };

    private static async Task<int> WithJobsAsync(string file, Func<ClusterJobs, Task<int>> act)
    {
        await using var site = ClusterSite.Open(file, static _ => { });
        return await act(new ClusterJobs(site)).ConfigureAwait(false);
    }
}
