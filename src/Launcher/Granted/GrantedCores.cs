namespace Weft.Launcher;

/// <summary>How many cores this job was granted, which may be far fewer than the machine has.</summary>
/// <param name="Count">At least one.</param>
/// <param name="GrantedBy">What said so, for people: <c>NSLOTS</c>, …</param>
public readonly record struct GrantedCores(int Count, string GrantedBy)
{
    /// <summary>The least of what the queue says, what the scheduler of the operating system allows, and what the control groups leave.</summary>
    public static GrantedCores Of(HostView host)
    {
        var least = new GrantedCores(host.Processors, "processors of this host");

        // Half a core is no place for another worker: a quota is rounded down.
        Take(ControlGroups.Cores(host) is { } quota ? (long)Math.Floor(quota) : null, "control group");
        Take(host.PositiveNumber("NSLOTS"), "NSLOTS");
        Take(host.PositiveNumber("SLURM_CPUS_PER_TASK"), "SLURM_CPUS_PER_TASK");
        return least;

        void Take(long? count, string grantedBy)
        {
            if (count < least.Count)
            {
                least = new GrantedCores((int)Math.Max(1, count.Value), grantedBy);
            }
        }
    }
}
