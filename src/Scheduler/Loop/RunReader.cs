using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>Runs that a peer named, checked.</summary>
internal static class RunReader
{
    /// <exception cref="ProtocolException">A run is empty, too long, or leaves its session; the message names the field.</exception>
    public static IReadOnlyList<TaskRun> Read(IReadOnlyList<Run> messages, string field)
    {
        if (messages.Count == 0)
        {
            return [];
        }

        var runs = new TaskRun[messages.Count];
        for (var i = 0; i < runs.Length; i++)
        {
            if (!RunMapping.TryRead(messages[i], out runs[i]))
            {
                throw new ProtocolException($"{field}: a run of {messages[i].Count} tasks from {new TaskId(messages[i].First)}");
            }
        }

        return runs;
    }
}
