using Weft.Grpc;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>The clients by which tasks submit others: one for code that came in bundles and one for this process's own, each connected when first asked for.</summary>
internal sealed class InsideClients(string worker, CallInvoker scheduler, PeerChannels peers) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Task<WeftClient>?[] _clients = new Task<WeftClient>?[2];
    private bool _isDisposed;

    /// <summary>Waits while it connects.</summary>
    /// <exception cref="SchedulerLostException">The scheduler did not answer.</exception>
    public WeftClient Get(bool shipsCode)
    {
        Task<WeftClient> connecting;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ref var client = ref _clients[shipsCode ? 1 : 0];
            if (client is null or { IsFaulted: true })
            {
                // Apart from the task's thread, whose pump would have to run what it waits for.
                client = Task.Run(() => WeftClient.ConnectAsync(
                    new WeftConnection(scheduler) { ShipsCode = shipsCode, ToWorker = (address, fingerprint) => peers.For(new Peer(address, fingerprint)) },
                    new WeftClientOptions { Name = $"within {worker}" }));
            }

            connecting = client;
        }

        return connecting.GetAwaiter().GetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Task<WeftClient>?[] clients;
        lock (_gate)
        {
            _isDisposed = true;
            clients = [.. _clients];
        }

        foreach (var connecting in clients)
        {
            if (connecting is not null)
            {
                try
                {
                    await (await connecting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
                }
                catch (SchedulerLostException)
                {
                    // It never was connected.
                }
            }
        }
    }
}
