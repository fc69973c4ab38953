using Weft.Client.Core;
using Weft.Primitives;

namespace Weft;

/// <summary>What a submission may ask for. Immutable; share one object among many submissions.</summary>
public sealed record TaskOptions
{
    /// <summary>
    /// A name within this client: submitting a live key with the same definition joins its tasks, with another one it is refused with
    /// <see cref="KeyInUseException"/>. Null, the default: no name.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Higher goes first. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>How often the task runs again after its own code has thrown. Default 0.</summary>
    public int Retries { get; init; }

    /// <summary>
    /// Named resources that the task takes while it runs, as in <c>GPU=1,licence=0.5</c>: it runs only on workers that have them free. Default: none.
    /// </summary>
    public string Resources { get; init; } = "";

    /// <summary>Names, addresses or hosts of the workers that may run it. Default: any.</summary>
    public IReadOnlyList<string> AllowedWorkers { get; init; } = [];

    /// <summary>
    /// Whether the task may run again after its run or its result was lost. Default true. When false it never runs again once it has started, unless
    /// <see cref="Retries"/> says so, and fails with <see cref="NotIdempotentException"/> instead.
    /// </summary>
    public bool Idempotent { get; init; } = true;

    /// <summary>How long it may run before it fails with <see cref="TaskTimeoutException"/>. Null, the default: no limit.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>How long it may wait for a worker that can run it before it fails with <see cref="NoValidWorkerException"/>. Null, the default: no limit.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>Cancels the tasks when it is cancelled.</summary>
    public CancellationToken Cancellation { get; init; }

    internal SubmissionOptions ToSubmissionOptions()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        return new SubmissionOptions
        {
            Priority = Priority,
            Retries = Retries,
            Resources = Resources.Length == 0 ? ResourceAmounts.None : ResourceAmounts.Parse(Resources),
            AllowedWorkers = AllowedWorkers,
            NotIdempotent = !Idempotent,
            RunTimeoutMs = Milliseconds(RunTimeout, nameof(RunTimeout)),
            QueueTimeoutMs = Milliseconds(QueueTimeout, nameof(QueueTimeout)),
        };
    }

    private static long Milliseconds(TimeSpan? timeout, string name) => timeout switch
    {
        null => 0,
        { Ticks: <= 0 } => throw new ArgumentOutOfRangeException(name, timeout, $"{name} is a time above zero, or null for no limit."),
        { } time => Math.Max(1, (long)time.TotalMilliseconds),
    };
}
