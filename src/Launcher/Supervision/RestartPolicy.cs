namespace Weft.Launcher;

/// <summary>What to do about a worker process that ended.</summary>
public enum RestartDecision
{
    /// <summary>It meant to end, or starting it again cannot help.</summary>
    LetGo,

    /// <summary>Start another after a pause.</summary>
    Restart,

    /// <summary>It has died at its start again and again.</summary>
    GiveUp,
}

/// <summary>When a worker process that died is started again. A value: each death gives the next one.</summary>
/// <param name="FirstPause">The pause after the first death; doubled for each immediate one that follows.</param>
/// <param name="LongestPause">Where doubling ends.</param>
/// <param name="ImmediateBelow">A life shorter than this was a failure to start.</param>
/// <param name="ImmediateDeathsMax">Failures to start in a row before giving up.</param>
public sealed record RestartPolicy(TimeSpan FirstPause, TimeSpan LongestPause, TimeSpan ImmediateBelow, int ImmediateDeathsMax)
{
    public static readonly RestartPolicy Default = new(
        FirstPause: TimeSpan.FromMilliseconds(100),
        LongestPause: TimeSpan.FromSeconds(10),
        ImmediateBelow: TimeSpan.FromSeconds(5),
        ImmediateDeathsMax: 8);

    /// <param name="exitCode">Of the process that ended; 128 and more are signals.</param>
    /// <param name="lifetime">How long it lived.</param>
    /// <param name="immediateDeaths">Failures to start in a row before this one; raised or reset.</param>
    /// <param name="pause">How long to wait before starting another.</param>
    public RestartDecision OnExit(int exitCode, TimeSpan lifetime, ref int immediateDeaths, out TimeSpan pause)
    {
        pause = TimeSpan.Zero;
        switch (exitCode)
        {
            case ExitCodes.Ok or ExitCodes.Usage or ExitCodes.NotReachable or ExitCodes.CannotListen or ExitCodes.Refused:
                return RestartDecision.LetGo;
            case ExitCodes.RestartWanted:
                immediateDeaths = 0;
                return RestartDecision.Restart;
        }

        immediateDeaths = lifetime < ImmediateBelow ? immediateDeaths + 1 : 0;
        if (immediateDeaths > ImmediateDeathsMax)
        {
            return RestartDecision.GiveUp;
        }

        var doublings = Math.Max(0, immediateDeaths - 1);
        pause = doublings < 20 ? FirstPause * (1 << doublings) : LongestPause;
        pause = pause < LongestPause ? pause : LongestPause;
        return RestartDecision.Restart;
    }
}
