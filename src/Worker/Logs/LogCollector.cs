using System.Globalization;
using Weft.Primitives;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>Lines that tasks wrote to their console, on their way to the scheduler. Bounded for each interval; what is too much is counted in their place.</summary>
internal sealed class LogCollector(string worker, Action wake, Func<long>? clockMs = null)
{
    private const int LinesMax = 1000;
    private const long IntervalMs = 1000;

    private readonly Func<long> _nowMs = clockMs ?? (static () => Environment.TickCount64);
    private readonly Lock _gate = new();
    private List<V1.LogLine> _lines = [];
    private long _intervalBegan = long.MinValue / 2;
    private int _taken;
    private int _dropped;
    private V1.LogLine? _lastDropped;

    public void Add(TaskId task, bool isError, string text)
    {
        var line = new V1.LogLine { Task = task.Value, Worker = worker, IsError = isError, Text = text };
        lock (_gate)
        {
            var now = _nowMs();
            if (now - _intervalBegan >= IntervalMs)
            {
                TellDropped();
                (_intervalBegan, _taken) = (now, 0);
            }

            if (_taken >= LinesMax)
            {
                _dropped++;
                _lastDropped = line;
                return;
            }

            _taken++;
            _lines.Add(line);
        }

        wake();
    }

    public List<V1.LogLine> Take()
    {
        lock (_gate)
        {
            if (_nowMs() - _intervalBegan >= IntervalMs)
            {
                TellDropped();
            }

            if (_lines.Count == 0)
            {
                return [];
            }

            var taken = _lines;
            _lines = [];
            return taken;
        }
    }

    private void TellDropped()
    {
        if (_dropped > 0)
        {
            _lines.Add(new V1.LogLine
            {
                Task = _lastDropped!.Task,
                Worker = worker,
                IsError = _lastDropped.IsError,
                Text = string.Create(CultureInfo.InvariantCulture, $"… {_dropped} lines dropped"),
            });
            _dropped = 0;
        }
    }
}
