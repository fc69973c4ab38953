using System.Globalization;

namespace Weft.Launcher;

/// <summary>Names of workers, for people: unique in a cluster without anybody's doing.</summary>
public static class WorkerNames
{
    /// <summary>
    /// The host, and what tells this start of <c>weft worker</c> from others there: the queue's job and task, which people know from
    /// <c>qstat</c>, or the process.
    /// </summary>
    public static string Default(HostView host, string hostName, int processId)
    {
        var job = host.PositiveNumber("JOB_ID") ?? host.PositiveNumber("SLURM_JOB_ID");
        var task = host.PositiveNumber("SGE_TASK_ID") ?? host.PositiveNumber("SLURM_ARRAY_TASK_ID");
        var suffix = (job, task) switch
        {
            ({ } number, { } index) => string.Create(CultureInfo.InvariantCulture, $"{number}.{index}"),
            ({ } number, null) => string.Create(CultureInfo.InvariantCulture, $"{number}.p{processId}"),
            _ => processId.ToString(CultureInfo.InvariantCulture),
        };
        return $"{hostName}-{suffix}";
    }

    /// <summary>The name of one process of a group: the group's own when it is the only one.</summary>
    public static string OfProcess(string group, int index, int count) =>
        count == 1 ? group : string.Create(CultureInfo.InvariantCulture, $"{group}-{index}");
}
