using System.Net;
using System.Security.Cryptography.X509Certificates;
using Weft.Protocol;

namespace Weft.Scheduler;

/// <summary>How a scheduler is set up. What was asked for on a command line is checked before it gets here.</summary>
public sealed record SchedulerHostOptions
{
    /// <summary>Where to listen; null: nowhere, the scheduler is reached in process through <see cref="SchedulerHost.Services"/>. Port 0 takes any free port.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>The host that the scheduler file names; null: the address it listens on.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>TLS with this certificate; null: cleartext. The caller disposes it, after the host.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The cluster's secret, which every call must show. Not asked for in process.</summary>
    public string Token { get; init; } = AccessToken.Create();

    /// <summary>Cleartext beyond loopback was asked for.</summary>
    public bool IsInsecureAllowed { get; init; }

    /// <summary>Where to write the scheduler file; null: nowhere.</summary>
    public string? SchedulerFile { get; init; }

    /// <summary>Where the journal is, with the code that tasks need; null: nothing survives a restart.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>Without a journal: a folder where epochs are claimed, so that of two schedulers on one file one is the later; null: nowhere.</summary>
    public string? EpochFolder { get; init; }

    /// <summary>Where the status page listens; null: there is none. Port 0 takes any free port.</summary>
    public IPEndPoint? StatusListen { get; init; }

    /// <summary>After this long without tasks and clients the scheduler ends; null: never.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long a silent worker is believed alive, and workers of an earlier scheduler are waited for.</summary>
    public TimeSpan WorkerLease { get; init; } = Limits.WorkerLease;

    /// <summary>Values, small results among them, and arguments that are held for clients, all together; beyond it what they send is refused.</summary>
    public long ClientBytesMax { get; init; } = long.MaxValue;

    /// <summary>Ten in a lease, or a busy host loses its workers.</summary>
    public TimeSpan HeartbeatInterval => WorkerLease / 10 < Limits.HeartbeatInterval ? WorkerLease / 10 : Limits.HeartbeatInterval;

    /// <summary>Where lines for the operator go.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
