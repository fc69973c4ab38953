using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>How long a start waits for the scheduler of a head that was launched, and when it gives up.</summary>
/// <param name="time">Measures the wait.</param>
internal sealed class HeadPatience(TimeProvider time)
{
    /// <summary>Commands that set up a head may take their time; a head that has run for longer hangs.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>How long a scheduler may refuse us before that is believed: its file may be one of before, and its port another's by now.</summary>
    public static readonly TimeSpan RefusalsBelieved = TimeSpan.FromMinutes(2);

    /// <summary>A short wait is not worth a line.</summary>
    public static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(15);

    private long _began = time.GetTimestamp();
    private long _lastNotRefused = time.GetTimestamp();

    /// <summary>Whoever waits wants to know what for.</summary>
    public bool IsLong => time.GetElapsedTime(_began) > QuietFor;

    /// <summary>The scheduler is there, and will not have us.</summary>
    public bool IsRefused => time.GetElapsedTime(_lastNotRefused) > RefusalsBelieved;

    /// <summary>The head hangs.</summary>
    public bool IsOver => time.GetElapsedTime(_began) > Longest;

    /// <summary>What the scheduler answered, or why it did not.</summary>
    public void OnAnswer(ProbeResult probe)
    {
        if (probe.ExitCode != ExitCodes.Refused)
        {
            _lastNotRefused = time.GetTimestamp();
        }
    }

    /// <summary>How the head is; null: nobody knows just now. A queue may let it wait for as long as it likes: the wait begins when it has begun.</summary>
    public void OnHead(NodeState? state)
    {
        if (state == NodeState.Waiting)
        {
            _began = _lastNotRefused = time.GetTimestamp();
        }
    }
}
