using System.Net;
using System.Security.Cryptography.X509Certificates;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Serialization;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>What a worker is and how it finds its scheduler.</summary>
public sealed record WorkerHostOptions
{
    /// <summary>
    /// Finds the scheduler and opens a way to it: called for the first connection and again after each loss, so that it can read the scheduler
    /// file again. An exception means that there is none at present; it is tried again.
    /// </summary>
    public required Func<CancellationToken, Task<SchedulerLink>> Connect { get; init; }

    public required string Name { get; init; }

    /// <summary>Tasks that run at the same time.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>0: not known.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>Of the limit: from it on the worker begins nothing, until there is room again; null: it never pauses. Without a limit it means nothing.</summary>
    public double? MemoryPauseFraction { get; init; }

    /// <summary>Takes lines for people; null: nobody reads them.</summary>
    public Action<string>? Report { get; init; }

    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>Where results are served to peers and clients; null: nowhere (they come through <see cref="WorkerHost.TransferService"/>).</summary>
    public IPAddress? ListenAddress { get; init; }

    /// <summary>The first and last port to try; 0 and 0 is any free one.</summary>
    public (int First, int Last) Ports { get; init; }

    /// <summary>The host, or host:port, under which others reach this worker; null: the address it listens on, or this host's name.</summary>
    public string? ContactAddress { get; init; }

    /// <summary>For what is served to peers; null: cleartext. The caller disposes it, after the worker.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Holds downloaded code; may be shared by the workers of a host.</summary>
    public required string LocalDirectory { get; init; }

    /// <summary>How long a scheduler that was lost is looked for.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the first scheduler is looked for.</summary>
    public TimeSpan DeathTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>A scheduler that was reached and has not welcomed the worker after so long is left.</summary>
    internal TimeSpan WelcomeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A fetch that brings nothing for so long is given up.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Peers that are reached otherwise than over the network; null, or a null answer: over the network.</summary>
    public Func<Peer, CallInvoker?>? ResolvePeer { get; init; }

    /// <summary>Adds codecs to each serializer that is made for a client's code.</summary>
    public Action<ValueSerializer>? ConfigureSerializer { get; init; }

    /// <summary>Where it shows what it runs, to be read by its supervisor after its death; null: it has no supervisor.</summary>
    public LifePage? LifePage { get; init; }

    public WorkerCoreLimits Limits { get; init; } = WorkerCoreLimits.Default;
}
