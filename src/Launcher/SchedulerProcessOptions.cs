using Weft.Protocol;
using Weft.Scheduler;

namespace Weft.Launcher;

/// <summary>What <c>weft scheduler</c> was asked for.</summary>
public sealed record SchedulerProcessOptions
{
    /// <summary>The other half is for the graph, and for what is on its way.</summary>
    public const string DefaultDataLimit = "0.5";

    public required string SchedulerFile { get; init; }

    /// <summary>A name or address of this host to listen on; null: all.</summary>
    public string? Host { get; init; }

    /// <summary>Zero: any free port; null: the usual one, or any when that is taken. With either it is first that of an earlier scheduler which left this file, if it is free.</summary>
    public int? Port { get; init; }

    /// <summary>Zero: any free port; null: the usual one, or any when that is taken. With either it is first that of an earlier scheduler which left this file, if it is free.</summary>
    public int? StatusPort { get; init; }

    /// <summary>End after so long without a task and without a client; null: never.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long a silent worker is believed alive.</summary>
    public TimeSpan WorkerLease { get; init; } = Limits.WorkerLease;

    /// <summary>A size, or a fraction of the memory that it was granted: values, small results among them, and arguments that it holds for clients at most.</summary>
    public string DataLimit { get; init; } = DefaultDataLimit;

    /// <summary><c>auto</c>, <c>off</c> or a folder.</summary>
    public string Journal { get; init; } = JournalPlace.Auto;

    /// <summary>A folder with the certificate, the key and the token to use; null: those of the journal.</summary>
    public string? Identity { get; init; }

    /// <summary>No TLS beyond this machine.</summary>
    public bool IsInsecure { get; init; }
}
