using System.Collections.Concurrent;
using System.Globalization;
using Weft.Grpc;
using Weft.Launcher;
using Weft.Protocol;
using Weft.Scheduler;
using Weft.Worker;

namespace Weft;

/// <summary>
/// A scheduler and workers inside this process: the same wire without sockets, values still copied through their encoding, and code
/// where it is. Thread safe.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly SchedulerHost _scheduler;
    private readonly InProcessChannel _channel;
    private readonly string _token;
    private readonly OwnedFolder _folder = OwnedFolder.Create("local");
    private readonly List<WorkerHost> _workers = [];

    /// <summary>Ways to the workers, by the names under which they are known as holders of results.</summary>
    private readonly ConcurrentDictionary<string, InProcessChannel> _peers = new();

    private LocalCluster(SchedulerHost scheduler, string token)
    {
        _scheduler = scheduler;
        _token = token;
        _channel = new InProcessChannel(scheduler.Services);
    }

    /// <summary>How many workers it has.</summary>
    public int Workers => _workers.Count;

    /// <summary>Starts a cluster in this process.</summary>
    /// <param name="options">Null: one worker for each core.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>Completes when it can be given tasks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number in the options is below one.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new LocalClusterOptions();
        var workers = options.Workers ?? GrantedCores.Of(HostView.Current).Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1, nameof(options.Workers));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SlotsPerWorker, 1, nameof(options.SlotsPerWorker));

        var token = AccessToken.Create();
        var scheduler = await SchedulerHost.StartAsync(new SchedulerHostOptions { Token = token, ClientBytesMax = GrantedMemory.Of(HostView.Current).Bytes / 2 }, cancellationToken).ConfigureAwait(false);
        var cluster = new LocalCluster(scheduler, token);
        try
        {
            for (var i = 0; i < workers; i++)
            {
                await cluster.AddWorkerAsync(options, cancellationToken).ConfigureAwait(false);
            }

            await cluster.AllJoinedAsync(cancellationToken).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Another client of this cluster. Dispose it before the cluster.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    public Task<WeftClient> ConnectAsync(WeftClientOptions? options = null, CancellationToken cancellationToken = default) =>
        WeftClient.ConnectAsync(Connection, options, cancellationToken);

    /// <summary>Ends workers and scheduler. Tasks that run are cancelled; what clients still wait for fails.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }

        await _scheduler.DisposeAsync().ConfigureAwait(false);
        _channel.Dispose();
        foreach (var peer in _peers.Values)
        {
            peer.Dispose();
        }

        _folder.Dispose();
    }

    internal WeftConnection Connection => new(_channel)
    {
        ToWorker = (address, _) => (CallInvoker?)PeerOf(address) ?? _channel,
        ShipsCode = false,
    };

    /// <summary>So that what is asked of every worker, right after the start, is asked of all of them.</summary>
    private Task AllJoinedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_workers.Select(static worker => Task.WhenAny(worker.Joined, worker.Completion))).WaitAsync(cancellationToken);

    private async Task AddWorkerAsync(LocalClusterOptions options, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"local-{_workers.Count}");
        var worker = await WorkerHost.StartAsync(
            new WorkerHostOptions
            {
                Connect = _ => Task.FromResult(new SchedulerLink(_channel, _token)),
                Name = name,
                Slots = options.SlotsPerWorker,
                Resources = options.Resources,
                ContactAddress = name,
                ResolvePeer = peer => PeerOf(peer.Address),
                LocalDirectory = _folder.Path,
            },
            cancellationToken).ConfigureAwait(false);
        _workers.Add(worker);
        var headers = new Metadata { { AccessToken.MetadataKey, AccessToken.ToMetadataValue(_token) } };
        _peers[name] = new InProcessChannel(new InProcessChannelOptions { DefaultHeaders = headers }, worker.TransferService);
    }

    private InProcessChannel? PeerOf(string address) => _peers.GetValueOrDefault(address);
}
