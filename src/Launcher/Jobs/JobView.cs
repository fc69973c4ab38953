using System.Globalization;

namespace Weft.Launcher;

/// <summary>A job as it was found.</summary>
/// <param name="Record">What its folder says.</param>
/// <param name="IsWatched">Its supervisor lives.</param>
/// <param name="Processes">Of its own, that live.</param>
public sealed record JobView(JobRecord Record, bool IsWatched, int Processes)
{
    public string Id => Record.Id;

    public JobState State => Record switch
    {
        { Ended: not null, WasStopped: true } => JobState.Stopped,
        { Ended: not null, ExitCode: 0 } => JobState.Succeeded,
        { Ended: not null } => JobState.Failed,
        _ when !IsWatched => JobState.Lost,
        { Started: not null } => JobState.Running,
        _ => JobState.Starting,
    };

    public bool IsOver => State is not (JobState.Starting or JobState.Running);

    /// <summary>One word, as in JSON.</summary>
    public string StateText => State.ToString().ToLowerInvariant();

    /// <summary>More about the state, for people; empty: nothing.</summary>
    public string Detail => State switch
    {
        JobState.Failed or JobState.Stopped => string.Create(CultureInfo.InvariantCulture, $"exit code {Record.ExitCode}"),
        JobState.Lost when Processes > 0 => string.Create(CultureInfo.InvariantCulture, $"its supervisor was killed; {Processes} of its processes live: weft job stop ends them"),
        JobState.Lost => "its supervisor was killed",
        _ => "",
    };
}
