using Weft.Grpc;
using Weft.Grpc.Server;
using Weft.Primitives;

namespace Weft.Worker;

/// <summary>
/// A worker in this process: finds its scheduler, runs what it is given, and serves the results it holds. It begins with
/// <see cref="StartAsync"/> and tells by <see cref="Completion"/> why it ended.
/// </summary>
public sealed class WorkerHost : IAsyncDisposable
{
    public const int SlotsMax = 4096;

    private readonly WorkerHostOptions _options;
    private readonly PeerChannels _peers;
    private readonly WorkerLife _life;
    private readonly MemoryPause? _memoryPause;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<WorkerEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GrpcServer? _server;
    private Task _running = Task.CompletedTask;
    private volatile SchedulerConnection? _connection;
    private volatile string _token = "";
    private int _isLeaving;

    private WorkerHost(WorkerHostOptions options)
    {
        _options = options;
        _peers = new PeerChannels(() => _token, options.ResolvePeer);
        _life = new WorkerLife(options, new CodeLibrary(options.LocalDirectory, TaskAmbient.Instance, options.ConfigureSerializer), _peers);
        _memoryPause = options is { MemoryLimitBytes: > 0, MemoryPauseFraction: { } fraction }
            ? new MemoryPause(options.MemoryLimitBytes, fraction, MemoryPause.CollectHere, TimeProvider.System)
            : null;
        TransferService = new TransferService(() => _life.Session?.Store, () => _token).Define();
    }

    /// <summary>Completes with the first welcome of a scheduler; never when there was none before the worker ended.</summary>
    public Task Joined => _joined.Task;

    /// <summary>Completes when the worker has ended, with the reason. It never fails.</summary>
    public Task<WorkerEnd> Completion => _completion.Task;

    /// <summary>Serves this worker's results; for clusters within one process.</summary>
    public ServerServiceDefinition TransferService { get; }

    /// <summary>Where results are served as others know it (host:port); empty when nowhere.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Completes when the worker serves its results and looks for its scheduler.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value that is not allowed; the message names it.</exception>
    /// <exception cref="IOException">No port of the range could be had.</exception>
    public static async Task<WorkerHost> StartAsync(WorkerHostOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1, nameof(options.Slots));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Slots, SlotsMax, nameof(options.Slots));
        ArgumentException.ThrowIfNullOrEmpty(options.Name, nameof(options.Name));
        TaskConsole.Install();
        var host = new WorkerHost(options);
        if (options.ListenAddress is not null)
        {
            (host._server, host.Address) = await WorkerListener.StartAsync(options, host.TransferService, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            host.Address = options.ContactAddress ?? "";
        }

        host._running = Task.Run(host.RunAsync, CancellationToken.None);
        return host;
    }

    /// <summary>
    /// Leaves gracefully: begins nothing new, lets what runs end and others fetch what only this worker holds, until the scheduler lets it go or its
    /// deadline has come. Called again, it may only come to an earlier end.
    /// </summary>
    public async Task LeaveAsync(LeaveOrder order)
    {
        if (Interlocked.Exchange(ref _isLeaving, 1) != 0)
        {
            _connection?.Hurry(order);
            await Completion.ConfigureAwait(false);
            return;
        }

        if (_connection is { } connection && !_stopping.IsCancellationRequested)
        {
            await connection.LeaveAsync(order).ConfigureAwait(false);
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends at once: running tasks are cancelled, and reported to nobody.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        _peers.Dispose();
    }

    /// <summary>Whether its control loop moves. It may also not return: for a <see cref="LifeBeat"/>.</summary>
    public bool Moves() => _life.Session?.Moves() ?? true;

    /// <summary>Looks at what this process holds: near its limit the worker pauses. For a <see cref="LifeBeat"/>; one caller at a time.</summary>
    public void OnMemory(long bytes)
    {
        if (_memoryPause is null || _life.Session is not { } session)
        {
            return;
        }

        if (_memoryPause.Look(bytes, session.Store.Bytes) is { } line)
        {
            _options.Report?.Invoke(line);
        }

        // At each look, because another incarnation may have begun.
        session.SetPaused(_memoryPause.IsPaused);
    }

    /// <summary>What happened to a task here, for debugging; empty when there is no connection.</summary>
    public string Story(TaskId task) => _life.Session?.Story(task) ?? "";

    private async Task RunAsync()
    {
        WorkerEnd end;
        try
        {
            end = await KeepConnectedAsync().ConfigureAwait(false);
        }
        catch (InvariantException broken)
        {
            end = new WorkerEnd(WorkerEndReason.Broken, broken.Message, ShouldRestart: true);
        }

        if (end.ShouldRestart)
        {
            // With the process all ends that would be waited for.
            _completion.TrySetResult(end);
        }

        await _life.DisposeAsync().ConfigureAwait(false);
        _completion.TrySetResult(end);
    }

    private async Task<WorkerEnd> KeepConnectedAsync()
    {
        var patience = new ReconnectPatience(_options.DeathTimeout, _options.ReconnectTimeout, TimeProvider.System);
        while (true)
        {
            var outcome = await ConnectOnceAsync(patience).ConfigureAwait(false);
            if (outcome.End is { } end && !BeginsAnew(end))
            {
                return end;
            }

            if (outcome.End is not null)
            {
                // A task that does not listen keeps its thread until it returns, and nobody hears of it; the new incarnation has all of its slots.
                await _life.EndAsync().ConfigureAwait(false);
            }

            if (_stopping.IsCancellationRequested)
            {
                return new WorkerEnd(WorkerEndReason.Stopped, "The worker was stopped.");
            }

            if (patience.NextDelay() is not { } delay)
            {
                return patience.GiveUp(outcome.Problem);
            }

            await Task.Delay(delay, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The cluster is restarted, and there is no supervisor who would start another process.</summary>
    private bool BeginsAnew(WorkerEnd end) => end is { Reason: WorkerEndReason.Told, ShouldRestart: true } && _options.LifePage is null;

    private async Task<ConnectionOutcome> ConnectOnceAsync(ReconnectPatience patience)
    {
        SchedulerLink link;
        try
        {
            link = await _options.Connect(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception absent) when (absent is not InvariantException)
        {
            return ConnectionOutcome.Lost(absent.Message);
        }

        using (link)
        {
            _token = link.Token;
            await using var connection = new SchedulerConnection(_options, link, Address, _life, OnWelcome);
            _connection = connection;
            var outcome = await connection.RunAsync(_stopping.Token).ConfigureAwait(false);
            _connection = null;
            return outcome;
        }

        void OnWelcome()
        {
            patience.Reset();
            _joined.TrySetResult();
        }
    }
}
