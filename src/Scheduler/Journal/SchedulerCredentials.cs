using System.Security.Cryptography.X509Certificates;

namespace Weft.Scheduler;

/// <summary>By what a cluster is known to its workers and clients.</summary>
/// <param name="Certificate">With its private key. Who has the credentials disposes it.</param>
/// <param name="Token">The cluster's secret.</param>
public sealed record SchedulerCredentials(X509Certificate2 Certificate, string Token)
{
    /// <summary>The token stays out of every text.</summary>
    public override string ToString() => nameof(SchedulerCredentials);
}
