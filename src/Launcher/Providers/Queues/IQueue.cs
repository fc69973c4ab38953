using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A batch system, as far as one cluster needs it: array jobs whose tasks are nodes. Its jobs bear the cluster's name and the node type's, so that whoever asks finds them.</summary>
internal interface IQueue : IAsyncDisposable
{
    /// <exception cref="ProviderException">The system cannot be used, in its own words.</exception>
    Task CheckAsync(CancellationToken cancellation);

    /// <summary>All tasks of the cluster that the system knows, the ended ones as long as it remembers them. The same node may be there twice.</summary>
    /// <exception cref="ProviderException">The system could not be asked.</exception>
    Task<IReadOnlyList<QueueTask>> ListAsync(CancellationToken cancellation);

    /// <summary>The request in as few parts as the system takes: each is one array job.</summary>
    Task<IReadOnlyList<LaunchRequest>> SplitAsync(LaunchRequest request, CancellationToken cancellation);

    /// <summary>Submits one part.</summary>
    /// <exception cref="ProviderException">Refused, or there was no answer.</exception>
    Task SubmitAsync(LaunchRequest part, CancellationToken cancellation);

    /// <summary>Has the system end tasks.</summary>
    /// <returns>What it complained of; null: nothing. A task that has ended meanwhile is reason enough to complain, and no failure.</returns>
    Task<ProviderException?> DeleteAsync(IReadOnlyList<QueueTask> tasks, CancellationToken cancellation);

    /// <summary>The cluster is over: removes what its nodes were given.</summary>
    /// <exception cref="ProviderException">Not all of it could be removed.</exception>
    void CleanUp()
    {
    }

    /// <summary>The file that the node writes its output to.</summary>
    string LogFile(NodeId node);

    /// <summary>What <see cref="SubmitAsync"/> submits, as a person would type it.</summary>
    string Describe(LaunchRequest request);
}
