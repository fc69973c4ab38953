using System.Security.Cryptography;
using Weft.Grpc;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>
/// What outlives a connection: one incarnation of the worker with its work and its values. It ends with the worker, or when it meets a scheduler
/// that knows nothing of it, and another begins. One connection at a time uses it.
/// </summary>
internal sealed class WorkerLife(WorkerHostOptions options, CodeLibrary code, PeerChannels peers) : IAsyncDisposable
{
    private readonly CurrentInvoker _scheduler = new();
    private string _token = "";
    private InsideClients? _insideClients;
    private volatile WorkerSession? _session;

    /// <summary>By which the scheduler knows it again.</summary>
    public byte[] Incarnation { get; private set; } = [];

    /// <summary>The highest epoch of a scheduler that it has heard of: those of lower ones are dead, or should be.</summary>
    public uint Epoch { get; private set; }

    /// <summary>How often the cluster had been restarted when this incarnation began.</summary>
    public uint Restarts { get; private set; }

    /// <summary>Null before the first welcome.</summary>
    public WorkerSession? Session => _session;

    /// <summary>From now on the scheduler is reached this way.</summary>
    public void Use(SchedulerLink link)
    {
        if (link.Token != _token)
        {
            // Another cluster, which counts its epochs by itself.
            _token = link.Token;
            Epoch = 0;
        }

        _scheduler.Target = link.Invoker;
        code.Scheduler = _scheduler;
        if (Incarnation.Length == 0)
        {
            Incarnation = RandomNumberGenerator.GetBytes(16);
            options.LifePage?.BeginIncarnation(Incarnation);
        }
    }

    /// <summary>A scheduler welcomed it: goes on, or begins.</summary>
    public WorkerSession Begin(V1.WorkerWelcome welcome)
    {
        Epoch = welcome.Epoch;
        _insideClients ??= new InsideClients(options.Name, _scheduler, peers);
        if (_session is null)
        {
            Restarts = welcome.Restarts;
            _session = new WorkerSession(options, (int)welcome.InlineBytesMax, code, peers, _insideClients);
        }

        return _session;
    }

    /// <summary>Ends the incarnation: running tasks are cancelled and reported to nobody, values are dropped.</summary>
    public async ValueTask EndAsync()
    {
        var (session, clients) = (_session, _insideClients);
        (_session, _insideClients, Incarnation) = (null, null, []);
        session?.Dispose();
        if (clients is not null)
        {
            await clients.DisposeAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => EndAsync();
}
