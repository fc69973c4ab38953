namespace Weft.Launcher;

/// <summary>Variables in the environment of a job's processes, beside <see cref="NodeMarks.Cluster"/>. They have no node's mark: a job is on the head, and ends with the cluster, not with a node.</summary>
internal static class JobMarks
{
    /// <summary>The job that a process belongs to.</summary>
    public const string Job = "WEFT_JOB";

    /// <summary>The job that a process watches over.</summary>
    public const string Supervisor = "WEFT_JOB_SUPERVISOR";
}
