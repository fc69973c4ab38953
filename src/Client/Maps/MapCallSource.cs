using System.Globalization;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>The futures of one Map.</summary>
internal sealed class MapCallSource(string stem, Delegate function, MapSource[] sources, List<TaskHold> holds) : CallSource(stem, function)
{
    protected override async ValueTask<object?[]> ArgumentsOfAsync(Future future, CancellationToken cancellationToken)
    {
        var index = IndexOf(future.Run.First);
        var values = new object?[sources.Length];
        for (var source = 0; source < values.Length; source++)
        {
            values[source] = await sources[source].ReplayAsync(index, cancellationToken).ConfigureAwait(false);
        }

        return values;
    }

    private int IndexOf(TaskId task)
    {
        var start = 0;
        foreach (var hold in holds)
        {
            if (hold.Tasks.Contains(task))
            {
                return start + (int)(task - hold.Tasks.First);
            }

            start += hold.Tasks.Count;
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Task {task} is not of this map."));
    }
}
