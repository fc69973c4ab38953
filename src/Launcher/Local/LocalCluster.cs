<<<<<<< HEAD
using System.Globalization;
using Weft.Grpc;
=======
using System.Collections.Concurrent;
using System.Globalization;
using Weft.Grpc;
using Weft.Launcher;
using Weft.Protocol;
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172
using Weft.Scheduler;
using Weft.Worker;

namespace Weft;

/// <summary>
<<<<<<< HEAD
/// A cluster within the calling process: a scheduler and workers that speak the same protocol as processes do, without sockets. Values
/// always go through the serializer, so that a program which works here works on many machines. Thread safe.
=======
/// A scheduler and workers inside this process: the same wire without sockets, values still copied through their encoding, and code
/// where it is. Thread safe.
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly SchedulerHost _scheduler;
    private readonly InProcessChannel _channel;
<<<<<<< HEAD
    private readonly string _directory;
    private readonly List<WorkerHost> _workers = [];
    private readonly Dictionary<string, InProcessChannel> _transfers = [];

    private LocalCluster(SchedulerHost scheduler, string directory)
    {
        _scheduler = scheduler;
        _channel = new InProcessChannel(scheduler.Services);
        _directory = directory;
    }

    /// <summary>How many workers were started.</summary>
    public int Workers => _workers.Count;

    /// <summary>Starts a scheduler and its workers. Completes when tasks can be submitted.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of workers is not between 1 and 4096.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        var count = (options ?? new LocalClusterOptions()).Workers;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 4096, nameof(options));
        var scheduler = await SchedulerHost.StartAsync(new SchedulerHostOptions(), cancellationToken).ConfigureAwait(false);
        var cluster = new LocalCluster(scheduler, Directory.CreateTempSubdirectory("weft-").FullName);
        try
        {
            for (var index = 0; index < count; index++)
            {
                await cluster.AddWorkerAsync(index, cancellationToken).ConfigureAwait(false);
=======
    private readonly string _token;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-local-");
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
        var scheduler = await SchedulerHost.StartAsync(new SchedulerHostOptions { Token = token }, cancellationToken).ConfigureAwait(false);
        var cluster = new LocalCluster(scheduler, token);
        try
        {
            for (var i = 0; i < workers; i++)
            {
                await cluster.AddWorkerAsync(options, cancellationToken).ConfigureAwait(false);
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

<<<<<<< HEAD
    /// <summary>Connects a client. The client does not end the cluster.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    public Task<WeftClient> ConnectAsync(WeftClientOptions? options = null, CancellationToken cancellationToken = default) =>
        WeftClient.ConnectAsync(Connection(owner: null), options, cancellationToken);

    /// <summary>Ends workers and scheduler. Futures that are pending fail.</summary>
=======
    /// <summary>Another client of this cluster. Dispose it before the cluster.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    public Task<WeftClient> ConnectAsync(WeftClientOptions? options = null, CancellationToken cancellationToken = default) =>
        WeftClient.ConnectAsync(Connection, options, cancellationToken);

    /// <summary>Ends workers and scheduler. Tasks that run are cancelled; what clients still wait for fails.</summary>
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172
    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }

        await _scheduler.DisposeAsync().ConfigureAwait(false);
        _channel.Dispose();
<<<<<<< HEAD
        foreach (var transfer in _transfers.Values)
        {
            transfer.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    internal WeftConnection Connection(IAsyncDisposable? owner) => new(_channel)
    {
        ToWorker = (address, _) => _transfers[address],
        ShipsCode = false,
        Owner = owner,
    };

    private async Task AddWorkerAsync(int index, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"local-{index}");
        var worker = await WorkerHost.StartAsync(
            new WorkerHostOptions
            {
                Connect = _ => Task.FromResult(new SchedulerLink(_channel, Token: "")),
                Name = name,
                ContactAddress = name,
                LocalDirectory = _directory,
                ResolvePeer = peer => _transfers.GetValueOrDefault(peer.Address),
            },
            cancellationToken).ConfigureAwait(false);
        _workers.Add(worker);
        _transfers.Add(name, new InProcessChannel(worker.TransferService));
    }
=======
        foreach (var peer in _peers.Values)
        {
            peer.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    internal WeftConnection Connection => new(_channel)
    {
        ToWorker = (address, _) => (CallInvoker?)PeerOf(address) ?? _channel,
        ShipsCode = false,
    };

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
                LocalDirectory = _folder.FullName,
            },
            cancellationToken).ConfigureAwait(false);
        _workers.Add(worker);
        var headers = new Metadata { { AccessToken.MetadataKey, AccessToken.ToMetadataValue(_token) } };
        _peers[name] = new InProcessChannel(new InProcessChannelOptions { DefaultHeaders = headers }, worker.TransferService);
    }

    private InProcessChannel? PeerOf(string address) => _peers.GetValueOrDefault(address);
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172
}
