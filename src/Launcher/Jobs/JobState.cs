namespace Weft.Launcher;

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>It was handed over, and its program has not begun.</summary>
    Starting = 0,

    Running = 1,

    /// <summary>It ended with 0.</summary>
    Succeeded = 2,

    /// <summary>It ended with something else, or could not be started.</summary>
    Failed = 3,

    /// <summary>Somebody ended it, or the cluster.</summary>
    Stopped = 4,

    /// <summary>Whoever watched over it was killed: how it ended, or whether it has, is not known.</summary>
    Lost = 5,
}
