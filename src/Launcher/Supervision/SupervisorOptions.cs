using System.Diagnostics;

namespace Weft.Launcher;

/// <summary>What a <see cref="WorkerSupervisor"/> keeps alive.</summary>
public sealed record SupervisorOptions
{
    /// <summary>A worker leaves in two minutes at most: a spot instance gets no more.</summary>
    public static readonly TimeSpan DefaultStopLimit = TimeSpan.FromSeconds(120);

    /// <summary>How many worker processes.</summary>
    public required int Count { get; init; }

    /// <summary>How to start the process in a place: called for each start anew.</summary>
    public required Func<int, ProcessStartInfo> Command { get; init; }

    public RestartPolicy Policy { get; init; } = RestartPolicy.Default;

    /// <summary>How long worker processes may take to end when asked to; what is left then is ended.</summary>
    public TimeSpan StopLimit { get; init; } = DefaultStopLimit;

    /// <summary>Takes one line for people at a time.</summary>
    public required Action<string> Report { get; init; }
}
