using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>What may be done to a cluster from outside.</summary>
public static class ClusterControl
{
    /// <summary>Asks workers to go. Completes when the scheduler has answered, not when they have gone.</summary>
    /// <param name="schedulerFile">The cluster's scheduler file.</param>
    /// <param name="workers">Names, addresses or hosts.</param>
    /// <param name="reason">For people.</param>
    /// <param name="cancellation">Gives up waiting for the answer; the workers may be going all the same.</param>
    /// <exception cref="LaunchException">There is no scheduler, or it refuses us; the exit code says which.</exception>
    public static Task<V1.DrainAnswer> DrainAsync(string schedulerFile, IEnumerable<string> workers, string reason, CancellationToken cancellation)
    {
        var request = new V1.DrainRequest { Reason = reason };
        request.Workers.AddRange(workers);
        return SchedulerCall.MakeAsync(schedulerFile, WeftServices.ControlDrain, request, cancellation);
    }
}
