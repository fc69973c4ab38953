using System.CommandLine;
using System.Diagnostics;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft submit</c>: runs a program on a cluster's head.</summary>
internal static class SubmitCommand
{
    public const string Name = "submit";

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    /// <summary>For the scheduler to take note of the cluster's end: whoever starts another after this command is to find it ending.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan EndPoll = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var program = new Argument<string>("PROGRAM") { Description = "A project, a .cs file, a .dll, a folder with one program, or an executable file" };
        var arguments = new Argument<string[]>("ARGS") { Arity = ArgumentArity.ZeroOrMore, Description = "What it is called with, options too: ours come before PROGRAM" };
        var name = ValueOptions.Create("--name", "NAME", "What the job is called (default: by the time)", static string? (text) => JobNames.Parse(text), null);
        var variables = VariablesOption.Create();
        var detach = ValueOptions.Flag("--detach", "Print the job's name and end, while it runs");
        detach.Aliases.Add("-d");
        var up = ValueOptions.Flag("--up", "Bring the cluster up first, if it is not");
        var downAfter = ValueOptions.Flag("--down-after", "Have the cluster end when the job has");
        var dryRun = ValueOptions.Flag("--dry-run", "Print what would be run, and do nothing but build it");
        var command = new Command(Name, "Run a program on a cluster's head, independently of this machine") { file, program, arguments, name, variables, detach, up, downAfter, dryRun };
        command.SetAction(async parsed =>
        {
            var request = new JobRequest
            {
                Id = parsed.GetValue(name) ?? JobNames.New(DateTimeOffset.UtcNow),
                Arguments = parsed.GetValue(arguments) is ["--", .. var rest] ? rest : parsed.GetValue(arguments)!,
                Variables = parsed.GetValue(variables)!,
                EndsCluster = parsed.GetValue(downAfter),
            };
            using var signals = new StopSignals();
            await using var site = ClusterSite.Open(parsed.GetValue(file)!, Say);
            using (var prepared = await JobPrograms.PrepareAsync(parsed.GetValue(program)!, Say, signals.Token).ConfigureAwait(false))
            {
                if (parsed.GetValue(dryRun))
                {
                    await Console.Out.WriteLineAsync(JobText.Describe(site, prepared, request)).ConfigureAwait(false);
                    return ExitCodes.Ok;
                }

                await new JobSubmission(site, Say).RunAsync(prepared, request, parsed.GetValue(up), signals.Token).ConfigureAwait(false);
            }

            if (parsed.GetValue(detach))
            {
                await Console.Out.WriteLineAsync(request.Id).ConfigureAwait(false);
                return ExitCodes.Ok;
            }

            Say($"job {request.Id} runs; Ctrl-C ends it.");
            return await FollowAsync(new ClusterJobs(site), request.Id, signals).ConfigureAwait(false);
        });
        return command;
    }

    /// <returns>What the job ended with.</returns>
    private static async Task<int> FollowAsync(ClusterJobs jobs, string id, StopSignals signals)
    {
        JobView job;
        try
        {
            await JobOutputText.FollowAsync(jobs, id, Say, signals.Token).ConfigureAwait(false);
            job = await jobs.FindAsync(id, signals.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!signals.IsInterrupt)
        {
            Say($"job {id} runs on.");
            return ExitCodes.SignalBase + StopSignals.Sigterm;
        }
        catch (OperationCanceledException)
        {
            Say($"ending job {id}.");
            using var patience = new CancellationTokenSource(StopPatience);
            await jobs.StopAsync(id, patience.Token).ConfigureAwait(false);
            return ExitCodes.SignalBase + StopSignals.Sigint;
        }

        job = await AwaitEndNotedAsync(job, ending => jobs.FindAsync(id, ending), signals.Token).ConfigureAwait(false);
        if (job.State is JobState.Stopped or JobState.Lost)
        {
            Say($"job {id}: {job.StateText}{(job.Detail.Length > 0 ? $", {job.Detail}" : "")}");
        }

        return job.Record.ExitCode ?? ExitCodes.Failure;
    }

    /// <summary>Waits for the scheduler to take note of the cluster's end, if the job is to end it. What the job ended with is known by then: what goes wrong here does not change that.</summary>
    /// <param name="job">It has ended.</param>
    /// <param name="find">Finds it again.</param>
    /// <param name="cancellation">Waits no longer.</param>
    /// <returns>The job as it was found last.</returns>
    internal static async Task<JobView> AwaitEndNotedAsync(JobView job, Func<CancellationToken, Task<JobView>> find, CancellationToken cancellation)
    {
        try
        {
            for (var began = Stopwatch.GetTimestamp(); job is { Record.EndsCluster: true, IsWatched: true } && Stopwatch.GetElapsedTime(began) < EndPatience;)
            {
                await Task.Delay(EndPoll, cancellation).ConfigureAwait(false);
                job = await find(cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is LaunchException or OperationCanceledException)
        {
            // The head is out of reach, or this program is to end.
        }

        return job;
    }

    private static void Say(string line) => Console.Error.WriteLine($"weft submit: {line}");
}
