using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>Requests about tasks that were submitted before them: none may be sent before those submissions are.</summary>
internal sealed class RequestGroup
{
    /// <summary>How far a group may be put off by submissions that came after its first request.</summary>
    private const int SpanMax = 4;

    private readonly long _firstPosition;

    public RequestGroup(long position)
    {
        _firstPosition = position;
        Position = position;
    }

    public RunList Wanted { get; } = new();

    public RunList Cancelled { get; } = new();

    public RunList Retried { get; } = new();

    public RunList Released { get; } = new();

    /// <summary>How many submissions must have been sent before this.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Whether a request made now can go along. In one message retries take effect after wants and cancels, so what is
    /// said of a task after its retry needs a message of its own.
    /// </summary>
    public bool CanTake(long position, bool mustFollowRetries) =>
        position - _firstPosition <= SpanMax && !(mustFollowRetries && Retried.Count > 0);

    public void PutOffTo(long position) => Position = position;
}
