using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The words that <c>squeue</c> has for a job's state.</summary>
internal static class SlurmState
{
    public static NodeState Of(string state) => state switch
    {
        "RUNNING" or "SIGNALING" => NodeState.Running,
        "COMPLETING" or "STAGE_OUT" => NodeState.Ending,
        // Ended by whoever asked for it, or by an order of the site: nothing is wrong with the node.
        "COMPLETED" or "CANCELLED" or "TIMEOUT" or "PREEMPTED" or "REVOKED" => NodeState.Ended,
        "FAILED" or "BOOT_FAIL" or "NODE_FAIL" or "OUT_OF_MEMORY" or "DEADLINE" or "LAUNCH_FAILED" or "RECONFIG_FAIL" => NodeState.Failed,
        // PENDING, CONFIGURING, and what later versions may think of: it is in the queue. SUSPENDED and STOPPED: it waits to go on.
        _ => NodeState.Waiting,
    };

    /// <summary>What is worth telling beside the state: Slurm says <c>None</c> for nothing.</summary>
    public static string? Detail(string state, string reason)
    {
        var told = reason is "" or "None" ? null : reason.Trim('(', ')');
        return state switch
        {
            "RUNNING" or "COMPLETED" => null,
            "PENDING" => told,
            _ => told is null || told == state ? state : $"{state}: {told}",
        };
    }
}
