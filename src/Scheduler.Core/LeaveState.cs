namespace Weft.Scheduler.Core;

/// <summary>How far a worker is that is to go.</summary>
internal sealed class LeaveState(string reason, bool mayRefuse)
{
    public string Reason => reason;

    /// <summary>It was asked to go, and stays when that would cost data. Else it goes by itself, sooner or later.</summary>
    public bool MayRefuse => mayRefuse;

    /// <summary>How far its results have been looked at.</summary>
    public int Cursor { get; set; }

    /// <summary>Results that others are copying on its account.</summary>
    public int HandingOver { get; set; }

    /// <summary>It was said that there is nowhere to copy to.</summary>
    public bool HasWarned { get; set; }

    /// <summary>It was told to stop.</summary>
    public bool IsStopped { get; set; }
}
