namespace Weft.Launcher;

/// <summary>The last lines that a process wrote, for the message that says how it failed. Thread safe.</summary>
internal sealed class LastLines(string role)
{
    private const int LinesMax = 20;
    private const int LineCharsMax = 500;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_gate)
        {
            if (_lines.Count == LinesMax)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.Length <= LineCharsMax ? line : $"{line.AsSpan(0, LineCharsMax)}…");
        }
    }

    /// <summary>To follow a sentence; empty when there are no lines.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            return _lines.Count == 0 ? "" : $"\nThe last lines of {role}:\n  {string.Join("\n  ", _lines)}";
        }
    }
}
