namespace Weft.Launcher;

/// <summary>
/// Tells the kernel's kills for want of memory from others: it counts them for each control group. Each that happens while
/// the supervisor lives explains one death by SIGKILL.
/// </summary>
/// <param name="host">Where the counter is.</param>
internal sealed class OutOfMemoryKills(HostView host)
{
    private readonly Lock _gate = new();
    private long _explained = ControlGroups.OutOfMemoryKills(host) ?? 0;

    /// <summary>Whether there was a kill that has not explained a death yet; it explains one now.</summary>
    public bool TryExplain()
    {
        lock (_gate)
        {
            if (ControlGroups.OutOfMemoryKills(host) is not { } count || count <= _explained)
            {
                return false;
            }

            _explained++;
            return true;
        }
    }
}
