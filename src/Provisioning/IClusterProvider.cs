namespace Weft.Provisioning;

/// <summary>
/// Gets the nodes of one cluster from somewhere: this machine, hosts, a queue, a cloud. It keeps no memory of its own that counts: what there is it reads from the system it speaks to, where every
/// node bears the cluster's name and its own id, so that whoever starts it anew finds all that any other has launched. Calls may overlap.
/// </summary>
public interface IClusterProvider : IAsyncDisposable
{
    /// <summary>Looks whether nodes can be had at all: tools, credentials, hosts. Launches nothing, and takes seconds at most.</summary>
    /// <exception cref="ProviderException">They cannot; the message says why, in the words of the system where it has any.</exception>
    Task CheckAsync(CancellationToken cancellation);

    /// <summary>
    /// Asks for the nodes of the request, in as few requests of its own as it can: a queue gets one array job. Those that there are already are left alone, so that the same may be asked again after an
    /// answer was lost. Completes when the system has taken the request, not when the nodes run.
    /// </summary>
    /// <returns>The nodes that were refused one by one; empty: all are on their way.</returns>
    /// <exception cref="ProviderException">The request as a whole was refused: no node of it was launched.</exception>
    Task<IReadOnlyList<NodeFailure>> LaunchAsync(LaunchRequest request, CancellationToken cancellation);

    /// <summary>All nodes of the cluster that the system knows, whoever launched them; those that have ended as long as it remembers them.</summary>
    /// <exception cref="ProviderException">The system could not be asked, or not all of it: what is unknown must not be taken for gone.</exception>
    Task<IReadOnlyList<ClusterNode>> ListAsync(CancellationToken cancellation);

    /// <summary>Ends nodes, at once and with all their processes; those that are gone already are no failure. Completes when the system has taken the request.</summary>
    /// <exception cref="ProviderException">The system refused, or could not be asked.</exception>
    Task TerminateAsync(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation);

    /// <summary>
    /// The cluster is over: removes what was kept for it on machines that only the provider reaches. None of its nodes is left, but for those that have been ending for so long that they are not waited for.
    /// The cluster's folder on the head is not its affair: the head may still run from it.
    /// </summary>
    /// <exception cref="ProviderException">Not all of it could be removed.</exception>
    Task CleanUpAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The last lines that a node has written, oldest first; empty when there are none. Ends, too, when the node has gone.</summary>
    /// <param name="node">One that there is or was.</param>
    /// <param name="lines">At most so many.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<string>> ReadLogAsync(NodeId node, int lines, CancellationToken cancellation);

    /// <summary>What <see cref="LaunchAsync"/> would submit, as a person would type or read it: a job script, a command line. Asks nothing of the system.</summary>
    string Describe(LaunchRequest request);
}
