using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>What was asked about submitted tasks and has not been sent.</summary>
internal sealed class RequestQueue
{
    private readonly Queue<RequestGroup> _groups = new();
    private RequestGroup? _last;

    public bool IsEmpty => _groups.Count == 0;

    public void Want(TaskRun run, long position) => Open(position, mustFollowRetries: true).Wanted.Add(run);

    public void Cancel(TaskRun run, long position) => Open(position, mustFollowRetries: true).Cancelled.Add(run);

    public void Retry(TaskRun run, long position) => Open(position, mustFollowRetries: false).Retried.Add(run);

    public void Release(TaskRun run, long position) => Open(position, mustFollowRetries: false).Released.Add(run);

    /// <summary>The next group, if the submissions it speaks of have been sent.</summary>
    public bool TryTake(long sent, out RequestGroup group)
    {
        if (!_groups.TryPeek(out group!) || group.Position > sent)
        {
            return false;
        }

        _groups.Dequeue();
        if (ReferenceEquals(group, _last))
        {
            _last = null;
        }

        return true;
    }

    /// <summary>Whether <see cref="TryTake"/> would give something.</summary>
    public bool HasFor(long sent) => _groups.TryPeek(out var group) && group.Position <= sent;

    public void Clear()
    {
        _groups.Clear();
        _last = null;
    }

    private RequestGroup Open(long position, bool mustFollowRetries)
    {
        if (_last is null || !_last.CanTake(position, mustFollowRetries))
        {
            _last = new RequestGroup(position);
            _groups.Enqueue(_last);
        }

        _last.PutOffTo(position);
        return _last;
    }
}
