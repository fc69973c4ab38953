namespace Weft.Protocol;

/// <summary>Every bound that two processes must agree on, and what happens at it.</summary>
public static class Limits
{
    /// <summary>Peers whose major differs do not talk: the hello is refused with both numbers named.</summary>
    public const uint ProtocolMajor = 1;

    /// <summary>The largest gRPC message. A writer splits a batch before it gets there; a reader ends the call with RESOURCE_EXHAUSTED.</summary>
    public const int MessageBytesMax = 64 * 1024 * 1024;

    /// <summary>At which a writer closes the batch it is filling. Far below <see cref="MessageBytesMax"/>, so that one more entry always fits.</summary>
    public const int BatchBytesSoft = 4 * 1024 * 1024;

    /// <summary>
    /// A value that a client sends, which goes in one message to the scheduler and on to workers. The client refuses a larger one. Below
    /// <see cref="MessageBytesMax"/> by what else the message may bear.
    /// </summary>
    public const int ValueBytesMax = MessageBytesMax - (2 * BatchBytesSoft);

    /// <summary>Results up to this size travel with the completion and live at the scheduler; larger ones stay on the worker that made them.</summary>
    public const int InlineBytesMax = 4096;

    /// <summary>Small results that live at the scheduler, all together. Above it workers keep small ones too, until it has fallen to half.</summary>
    public const long InlineBudgetBytes = 512L * 1024 * 1024;

    /// <summary>Arguments above this size are scattered first and travel as an input.</summary>
    public const int ArgumentBytesMax = 64 * 1024;

    /// <summary>One chunk of a fetched result or of a code file. A sender cuts; a receiver treats a larger one as a broken peer.</summary>
    public const int ChunkBytesMax = 1024 * 1024;

    /// <summary>Tasks in one submission. A client splits a longer map; the scheduler refuses the message.</summary>
    public const int SubmissionTasksMax = 1 << 20;

    /// <summary>Worker setups of one session. At the bound the client refuses another.</summary>
    public const int SetupsMax = 64;

    /// <summary>The name of published results. A longer one is refused, by client and scheduler.</summary>
    public const int PublishedNameCharsMax = 200;

    /// <summary>Names of published results, all sessions together. At the bound the scheduler refuses another.</summary>
    public const int PublishedNamesMax = 10_000;

    /// <summary>Results in one request: under one name, or to be copied. The client refuses more, and the scheduler too.</summary>
    public const int RequestTasksMax = 1 << 22;

    /// <summary>What a session may have sent and the scheduler not yet acknowledged. At the bound a submission waits.</summary>
    public const long UnacknowledgedBytesMax = 256L * 1024 * 1024;

    /// <summary>A text that one process writes for people of another: longer ones are cut, with an ellipsis.</summary>
    public const int TextCharsMax = 64 * 1024;

    /// <summary>A scheduler file. Longer ones are none of ours and are not read to their end.</summary>
    public const int SchedulerFileBytesMax = 64 * 1024;

    public const int DefaultSchedulerPort = 8786;

    public const int DefaultStatusPort = 8787;

    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a silent worker is believed alive: never below ten heartbeats, or a busy host loses its workers.</summary>
    public static readonly TimeSpan WorkerLease = TimeSpan.FromSeconds(30);

    /// <summary>How long a session's tasks are held for a client whose connection broke.</summary>
    public static readonly TimeSpan SessionHold = TimeSpan.FromSeconds(60);

    /// <summary>Covers name lookup, TCP and TLS; then the attempt counts as failed and is made again.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A connection on which nothing has come for so long is asked for a sign of life: a host that lost its power sends no farewell.</summary>
    public static readonly TimeSpan KeepAlivePingDelay = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan KeepAlivePingTimeout = TimeSpan.FromSeconds(20);

    /// <summary>How often a missing or unreadable scheduler file is looked at again. Polled: a network file system tells nobody of changes.</summary>
    public static readonly TimeSpan SchedulerFilePoll = TimeSpan.FromMilliseconds(200);
}
