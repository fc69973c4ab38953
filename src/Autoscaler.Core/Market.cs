namespace Weft.Autoscaler.Core;

/// <summary>Nodes of one type that are bought in one way, spot or not: what failed of late, and until when to wait before the next try.</summary>
internal sealed class Market
{
    /// <summary>So many transient failures one after the other are no hiccup any more.</summary>
    private const int TransientMax = 3;

    private int _failures;
    private LaunchFailureKind _kind;
    private long _failedMs = -1;

    public long RetryMs { get; private set; }

    public string Message { get; private set; } = "";

    public bool IsResting(long nowMs) => nowMs < RetryMs;

    /// <summary>It is worth the wait: others are not asked in its place.</summary>
    public bool IsHiccup => _kind == LaunchFailureKind.Transient && _failures < TransientMax;

    public void Fail(LaunchFailure failure, long nowMs, long firstMs, long maxMs)
    {
        // The nodes of one batch fail together: that is one failure. Only what is worse counts on.
        if (IsResting(nowMs) && (failure.Kind == _kind || failure.Kind == LaunchFailureKind.Transient))
        {
            return;
        }

        _failures++;
        _failedMs = nowMs;
        _kind = failure.Kind;
        Message = failure.Message;
        RetryMs = nowMs + (failure.Kind == LaunchFailureKind.Permanent ? maxMs : DelayMs(firstMs, maxMs));
    }

    /// <summary>More is known of a failure, if it is still the one that is told of.</summary>
    public void Reword(string before, string message) => Message = Message == before ? message : Message;

    /// <summary>
    /// A node came up. Taken requests alone are no success: nodes that end at once were taken, too. And one that was asked for before the last failure says nothing of what can be had since.
    /// </summary>
    public void Succeed(long askedMs)
    {
        if (askedMs <= _failedMs)
        {
            return;
        }

        _failures = 0;
        RetryMs = 0;
    }

    private long DelayMs(long firstMs, long maxMs)
    {
        var delayMs = firstMs;
        for (var i = 1; i < _failures && delayMs < maxMs; i++)
        {
            delayMs *= 2;
        }

        return Math.Min(delayMs, maxMs);
    }
}
