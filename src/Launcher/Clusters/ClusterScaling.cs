using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>Says how large a cluster is to be.</summary>
public static class ClusterScaling
{
    /// <summary>Sets the number of nodes to be had. Completes when the autoscaler has taken it, about a second later, and not when the nodes are there: from then on it outlives scheduler and autoscaler.</summary>
    /// <param name="schedulerFile">The cluster's scheduler file.</param>
    /// <param name="minimum">Null: as the cluster file says.</param>
    /// <param name="maximum">Null: as the cluster file says.</param>
    /// <param name="cancellation">Gives up waiting for the answer.</param>
    /// <exception cref="LaunchException">There is no scheduler, it has no autoscaler or one that does not answer, or the numbers are not allowed; the message says which.</exception>
    public static Task SetAsync(string schedulerFile, int? minimum, int? maximum, CancellationToken cancellation)
    {
        var target = new V1.ScaleTarget();
        if (minimum is { } least)
        {
            target.Minimum = (uint)least;
        }

        if (maximum is { } most)
        {
            target.Maximum = (uint)most;
        }

        return SetAsync(schedulerFile, target, cancellation);
    }

    /// <summary>Has the cluster end itself, nodes, head and all. Completes when the autoscaler has taken the request.</summary>
    /// <exception cref="LaunchException">There is no scheduler, or it has no autoscaler or one that does not answer.</exception>
    public static Task EndAsync(string schedulerFile, CancellationToken cancellation) => SetAsync(schedulerFile, new V1.ScaleTarget { End = true }, cancellation);

    private static Task SetAsync(string schedulerFile, V1.ScaleTarget target, CancellationToken cancellation) =>
        SchedulerCall.MakeAsync(schedulerFile, WeftServices.ScalingSetTarget, target, cancellation);
}
