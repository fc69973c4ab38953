using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>One client's stream, as the loop sees it.</summary>
internal sealed class ClientPeer
{
    private const int LogLinesMax = 1000;

    private int _logLines;

    public ClientPeer(SessionId session, ClientHello hello, byte[] resumeKey, IServerStreamWriter<ClientNotice> stream, Action<ClientPeer, Exception?> written, CancellationToken ended)
    {
        Session = session;
        Name = hello.ClientName;
        FollowsLogs = hello.FollowLogs;
        ResumeKey = resumeKey;
        Outbox = new Outbox<ClientNotice>(stream, failure => written(this, failure), ended);
    }

    public SessionId Session { get; }

    public string Name { get; }

    public bool FollowsLogs { get; }

    public byte[] ResumeKey { get; }

    public Outbox<ClientNotice> Outbox { get; }

    /// <summary>Completes with why the session ended from this side.</summary>
    public TaskCompletionSource<Status> Dismissed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A line of a task's console; when too many wait for a slow client, they are counted instead.</summary>
    public void AddLog(LogLine line)
    {
        if (Outbox.IsIdle)
        {
            _logLines = 0;
        }

        if (_logLines++ < LogLinesMax)
        {
            Outbox.Open(line.Text.Length + 32).Logs.Add(line);
        }
    }
}
