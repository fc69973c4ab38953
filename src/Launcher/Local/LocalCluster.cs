using System.Globalization;
using Weft.Grpc;
using Weft.Scheduler;
using Weft.Worker;

namespace Weft;

/// <summary>
/// A cluster within the calling process: a scheduler and workers that speak the same protocol as processes do, without sockets. Values
/// always go through the serializer, so that a program which works here works on many machines. Thread safe.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly SchedulerHost _scheduler;
    private readonly InProcessChannel _channel;
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
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects a client. The client does not end the cluster.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    public Task<WeftClient> ConnectAsync(WeftClientOptions? options = null, CancellationToken cancellationToken = default) =>
        WeftClient.ConnectAsync(Connection(owner: null), options, cancellationToken);

    /// <summary>Ends workers and scheduler. Futures that are pending fail.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }

        await _scheduler.DisposeAsync().ConfigureAwait(false);
        _channel.Dispose();
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
}
