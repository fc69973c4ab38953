using System.Globalization;
using System.Text;
using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>The last things that happened, kept small, so that the life of one task can be told when something is wrong.</summary>
internal sealed class SessionStory
{
    private const int Length = 1024;

    private readonly (long TimeMs, string What, TaskRun Run)[] _entries = new (long, string, TaskRun)[Length];
    private long _count;

    public void Add(long timeMs, string what, TaskRun run) => _entries[_count++ % Length] = (timeMs, what, run);

    public string Of(TaskId task)
    {
        var text = new StringBuilder();
        for (var index = Math.Max(0, _count - Length); index < _count; index++)
        {
            var (timeMs, what, run) = _entries[index % Length];
            if (run.Count == 0 || run.Contains(task))
            {
                text.Append(CultureInfo.InvariantCulture, $"{timeMs} ms: {what}");
                text.AppendLine(run.Count == 0 ? "" : $" ({run})");
            }
        }

        return text.ToString();
    }
}
