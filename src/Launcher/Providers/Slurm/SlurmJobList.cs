using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Reads what <c>squeue</c> prints in a form of our choice, which all its versions know.</summary>
internal static class SlurmJobList
{
    /// <summary>
    /// One task a line, the ended ones too, as long as Slurm remembers them (<c>MinJobAge</c>). The name is last: whoever named a job may have used any letter.
    /// </summary>
    public static readonly IReadOnlyList<string> Arguments = ["--me", "--array", "--states=all", "--noheader", "--format=%F|%K|%T|%N|%r|%j"];

    /// <summary>The tasks of a cluster; those of others are passed over.</summary>
    public static IReadOnlyList<QueueTask> Read(string printed, string cluster) =>
        printed.Split('\n').Select(line => Task(line.Split('|', 6), cluster)).OfType<QueueTask>().ToList();

    private static QueueTask? Task(string[] fields, string cluster)
    {
        if (fields is not [var job, var index, var state, var host, var reason, var name] || !SlurmJobName.TryRead(cluster, name.Trim(), out var named)
            || !long.TryParse(job, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var task))
        {
            return null;
        }

        return new QueueTask
        {
            Node = named.Node(task),
            Job = number,
            Index = task,
            State = SlurmState.Of(state),
            Detail = SlurmState.Detail(state, reason),
            Host = host.Length > 0 ? host : null,
            SystemName = string.Create(CultureInfo.InvariantCulture, $"{number}_{task}"),
        };
    }
}
