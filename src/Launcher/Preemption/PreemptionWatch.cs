namespace Weft.Launcher;

/// <summary>Asks every few seconds whether this instance is to be taken away: two minutes before it is, the service begins to say so.</summary>
/// <param name="endpoint">The instance metadata service.</param>
/// <param name="interval">Between two questions.</param>
/// <param name="time">Measures it.</param>
internal sealed class PreemptionWatch(Uri endpoint, TimeSpan interval, TimeProvider time)
{
    /// <summary>As the service's makers recommend.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(5);

    private const string InstanceAction = "/latest/meta-data/spot/instance-action";
    private const string Rebalance = "/latest/meta-data/events/recommendations/rebalance";

    /// <summary>Runs until the instance is certain to go, or it is cancelled.</summary>
    /// <param name="noticed">Told of a risk once, and of the certainty once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<PreemptionNotice> noticed, CancellationToken cancellationToken)
    {
        using var metadata = new InstanceMetadata(endpoint, time);
        var isAtRisk = false;
        try
        {
            while (true)
            {
                if (await metadata.ReadAsync(InstanceAction, cancellationToken).ConfigureAwait(false) is { } action)
                {
                    noticed(PreemptionNotice.OfInstanceAction(action));
                    return;
                }

                if (!isAtRisk && await metadata.ReadAsync(Rebalance, cancellationToken).ConfigureAwait(false) is { } rebalance)
                {
                    isAtRisk = true;
                    noticed(PreemptionNotice.OfRebalance(rebalance));
                }

                await Task.Delay(interval, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // There are no workers any more who could leave.
        }
    }
}
