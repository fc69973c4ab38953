using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// From a task that is not done to those that wait for it: linked lists through two columns. A task's edges end with its wait;
/// the way back, from a task to its inputs, is its submission's.
/// Targets are ids, which are never used again: an edge to a forgotten task leads nowhere and needs not be looked for.
/// </summary>
internal sealed class EdgeTable
{
    public const int None = -1;

    private TaskId[] _target = new TaskId[64];
    private int[] _next = new int[64];
    private int _used;
    private int _free = None;

    public int Count { get; private set; }

    public TaskId TargetOf(int edge) => _target[edge];

    public int NextOf(int edge) => _next[edge];

    public void Add(ref int head, TaskId target)
    {
        int edge;
        if (_free != None)
        {
            edge = _free;
            _free = _next[edge];
        }
        else
        {
            edge = _used++;
            if (edge == _target.Length)
            {
                Array.Resize(ref _target, edge * 2);
                Array.Resize(ref _next, edge * 2);
            }
        }

        _target[edge] = target;
        _next[edge] = head;
        head = edge;
        Count++;
    }

    /// <summary>Gives a whole list back.</summary>
    public void Clear(ref int head)
    {
        while (head != None)
        {
            var next = _next[head];
            _next[head] = _free;
            _free = head;
            head = next;
            Count--;
        }
    }

    /// <summary>Takes every edge to one target out of a list.</summary>
    public void Remove(ref int head, TaskId target)
    {
        var previous = None;
        var edge = head;
        while (edge != None)
        {
            var next = _next[edge];
            if (_target[edge] == target)
            {
                if (previous == None)
                {
                    head = next;
                }
                else
                {
                    _next[previous] = next;
                }

                _next[edge] = _free;
                _free = edge;
                Count--;
            }
            else
            {
                previous = edge;
            }

            edge = next;
        }
    }
}
