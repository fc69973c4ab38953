using Weft.Protocol;

namespace Weft;

/// <summary>How a <see cref="WeftClient"/> connects and behaves.</summary>
public sealed record WeftClientOptions
{
    /// <summary>What status pages and logs call this client. Default: the program's name.</summary>
    public string Name { get; init; } = AppDomain.CurrentDomain.FriendlyName;

    /// <summary>How long <see cref="WeftClient.ConnectAsync(string?, WeftClientOptions?, CancellationToken)"/> waits for the scheduler file and for a scheduler that answers. Default 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long futures outlive a broken connection before they fail with <see cref="SchedulerLostException"/>. Default 30 s.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How much may be submitted that the scheduler has not acknowledged, in bytes. Above it Submit and Map block, and
    /// <see cref="WeftClient.SubmitAsync{TFuture}"/> awaits. Default 256 MiB.
    /// </summary>
    public long UnacknowledgedBytesMax { get; init; } = Limits.UnacknowledgedBytesMax;

    /// <summary>
    /// Whether lines that tasks write to their console come to this client: to <see cref="WeftClient.Logged"/> when somebody listens there, else to
    /// this program's console. Default false.
    /// </summary>
    public bool FollowLogs { get; init; }

    /// <summary>
    /// Files and folders to ship with the program, relative to the program's folder: tasks find them beside their assembly. Default: none.
    /// </summary>
    public IReadOnlyList<string> ContentPaths { get; init; } = [];

    /// <summary>
    /// Takes warnings, each said once, on the thread that submits: of functions that read a static field which is not readonly, for a worker has its own value
    /// there. Default: null, and they go to the error stream.
    /// </summary>
    public Action<string>? Warning { get; init; }

    /// <summary>The clock, for tests.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
