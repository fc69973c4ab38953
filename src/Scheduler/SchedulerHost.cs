using Weft.Grpc;
using Weft.Grpc.Server;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>A running scheduler: the core with its loop, its services, its file and its status page. Thread safe.</summary>
public sealed class SchedulerHost : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SuccessorPoll = TimeSpan.FromSeconds(1);

    private readonly SchedulerHostOptions _options;
    private readonly Journal _journal;
    private readonly SchedulerLoop _loop;
    private readonly WorkerChannels _channels;
    private readonly ControlService _control;
    private readonly ScalingService _scaling;
    private readonly TaskCompletionSource<string> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopped = new();
    private GrpcServer? _server;
    private StatusPage? _page;

    private SchedulerHost(SchedulerHostOptions options, Journal journal, IReadOnlyList<SchedulerFact> facts)
    {
        _options = options;
        _journal = journal;
        Epoch = journal.Epoch;
        Id = SchedulerFile.NewId();
        var identity = new SchedulerIdentity(Id, Epoch);
        _loop = new SchedulerLoop(
            new SchedulerOptions
            {
                Epoch = Epoch,
                InlineBytesMax = Limits.InlineBytesMax,
                InlineBudgetBytes = Limits.InlineBudgetBytes,
                ClientBytesMax = options.ClientBytesMax,
                PublishedNamesMax = Limits.PublishedNamesMax,
                SessionKeepMs = (long)Limits.SessionHold.TotalMilliseconds,
                WorkerLeaseMs = (long)options.WorkerLease.TotalMilliseconds,
            },
            journal,
            facts,
            options.Log,
            OnBreach);
        _channels = new WorkerChannels((address, fingerprint) => ClusterChannel.OpenToWorker(address, fingerprint, options.Token, options.IsInsecureAllowed));
        _scaling = new ScalingService(_loop, TimeProvider.System);
        _control = new ControlService(_loop, identity, _scaling, () => (Address?.ToString() ?? "", StatusUrl ?? ""));
        Services = DefineServices(identity);
    }

    public string Id { get; }

    public uint Epoch { get; }

    /// <summary>Where it can be reached; null in process.</summary>
    public ClusterAddress? Address { get; private set; }

    public string? StatusUrl { get; private set; }

    /// <summary>What it serves, for an in-process channel.</summary>
    public ServerServiceDefinition Services { get; }

    /// <summary>Completes with a line that says why the scheduler ended; fails with <see cref="InvariantException"/> when it broke one of its own rules.</summary>
    public Task<string> Completion => _completion.Task;

    /// <summary>Completes when the scheduler can be reached, its file included.</summary>
    /// <exception cref="Microsoft.AspNetCore.Connections.AddressInUseException">A port is taken; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lease is shorter than ten heartbeats can be.</exception>
    /// <exception cref="IOException">An address cannot be bound, or the file cannot be written; the message names it.</exception>
    public static async Task<SchedulerHost> StartAsync(SchedulerHostOptions options, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WorkerLease, Limits.WorkerLeaseMin, nameof(options.WorkerLease));
        var epochMin = NextEpoch(options.SchedulerFile);
        IReadOnlyList<SchedulerFact> facts = [];
        var journal = options.JournalFolder is { } folder
            ? Journal.Open(new JournalOptions { Folder = folder, EpochMin = epochMin, Log = options.Log }, out facts)
            : Journal.Off(options.EpochFolder is { } claims ? JournalFolder.Claim(claims, epochMin) : epochMin);
        var host = new SchedulerHost(options, journal, facts);
        try
        {
            await host._loop.ReadyAsync(cancellation).ConfigureAwait(false);
            await host.ListenAsync(cancellation).ConfigureAwait(false);
            host._loop.OnReachable();
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the scheduler: its file is removed, its streams are ended.</summary>
    public async Task StopAsync(string reason)
    {
        if (_stopped.IsCancellationRequested)
        {
            return;
        }

        await _stopped.CancelAsync().ConfigureAwait(false);
        if (_options.SchedulerFile is { } path && Address is not null)
        {
            RemoveFile(path);
        }

        if (_page is not null)
        {
            await _page.DisposeAsync().ConfigureAwait(false);
        }

        if (_server is not null)
        {
            await _server.StopAsync(TimeSpan.Zero).WaitAsync(StopTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _channels.Dispose();
        await _loop.StopAsync().ConfigureAwait(false);
        _loop.Dispose();
        _journal.Dispose();
        _completion.TrySetResult(reason);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync("It was disposed.").ConfigureAwait(false);
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One more than that of the file's last scheduler, dead or alive.</summary>
    private static uint NextEpoch(string? path) =>
        path is not null && SchedulerFileReader.Read(path).File is { } last ? last.Epoch + 1 : 1;

    private ServerServiceDefinition DefineServices(SchedulerIdentity identity)
    {
        var sessions = new SessionService(_loop, identity);
        var work = new WorkService(_loop, identity, _options.HeartbeatInterval, epoch => Supersede($"A worker has met a scheduler of epoch {epoch}."));
        var store = new BlobStore(_options.JournalFolder is { } folder ? Path.Combine(folder, BlobStore.FolderName) : null, _options.Log);
        _loop.SnapshotBegan += bundles => _ = Task.Run(() => store.Retain(bundles));
        var blobs = new BlobService(store);
        var names = new NameService(_loop);
        var copies = new CopyService(_loop);
        var transfer = new TransferService(_loop, _channels.To);
        return ServerServiceDefinition.CreateBuilder()
            .AddMethod(WeftServices.SessionConnect, sessions.ConnectAsync)
            .AddMethod(WeftServices.WorkConnect, work.ConnectAsync)
            .AddMethod(WeftServices.TransferFetch, transfer.FetchAsync)
            .AddMethod(WeftServices.BlobsMissing, blobs.MissingAsync)
            .AddMethod(WeftServices.BlobsPut, blobs.PutAsync)
            .AddMethod(WeftServices.BlobsGet, blobs.GetAsync)
            .AddMethod(WeftServices.ControlGetInfo, _control.GetInfoAsync)
            .AddMethod(WeftServices.ControlReportDeath, _control.ReportDeathAsync)
            .AddMethod(WeftServices.ControlPublish, names.PublishAsync)
            .AddMethod(WeftServices.ControlUnpublish, names.UnpublishAsync)
            .AddMethod(WeftServices.ControlGetPublished, names.GetAsync)
            .AddMethod(WeftServices.ControlListPublished, names.ListAsync)
            .AddMethod(WeftServices.ControlReplicate, copies.ReplicateAsync)
            .AddMethod(WeftServices.ControlRebalance, copies.RebalanceAsync)
            .AddMethod(WeftServices.ControlDrain, _control.DrainAsync)
            .AddMethod(WeftServices.ControlRestart, _control.RestartAsync)
            .AddMethod(WeftServices.ScalingReport, _scaling.ReportAsync)
            .AddMethod(WeftServices.ScalingSetTarget, _scaling.SetTargetAsync)
            .Build();
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        if (_options.Listen is not { } listen)
        {
            return;
        }

        _server = await GrpcServer.StartAsync(
            new GrpcServerOptions
            {
                Listen = [listen],
                Services = [Services],
                Certificate = _options.Certificate,
                Authorize = Authorize,
                HandlerFailed = (context, failure) => _options.Log($"{context.Method} from {context.Peer} failed: {failure}"),
                MaxReceiveMessageSize = Limits.MessageBytesMax,
                MaxSendMessageSize = Limits.MessageBytesMax,
            },
            cancellation).ConfigureAwait(false);
        var host = _options.AdvertisedHost ?? listen.Address.ToString();
        Address = new ClusterAddress(_options.Certificate is not null, host, _server.Endpoints[0].Port);
        if (_options.StatusListen is { } statusListen)
        {
            _page = await StatusPage.StartAsync(statusListen, _control).ConfigureAwait(false);
            StatusUrl = $"http://{new ClusterAddress(false, host, _page.Port).Authority}/status";
        }

        if (_options.SchedulerFile is { } path)
        {
            WriteFile(path, Address.Value);
        }

        if (_options.IdleTimeout is { } idle)
        {
            _ = WatchIdleAsync(idle);
        }

        _ = WatchSuccessorAsync();
    }

    /// <summary>Another scheduler has taken this one's place: there must not be two, and the later one lives.</summary>
    private void Supersede(string reason)
    {
        _completion.TrySetException(new SupersededException($"Another scheduler has taken the place of this one (epoch {Epoch}): {reason}"));
        _ = StopAsync(reason);
    }

    private async Task WatchSuccessorAsync()
    {
        using var timer = new PeriodicTimer(SuccessorPoll);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
            {
                if (_journal.SawHigherEpoch)
                {
                    Supersede($"the journal {_options.JournalFolder} was claimed by it.");
                    return;
                }

                if (_options.SchedulerFile is not { } path)
                {
                    continue;
                }

                var reading = SchedulerFileReader.Read(path);
                if (reading.File is { } file && (file.Epoch > Epoch || (file.Epoch == Epoch && file.Id != Id)))
                {
                    Supersede($"{path} is that of epoch {file.Epoch} at {file.Address}.");
                    return;
                }

                if (reading.File is { } lower ? lower.Epoch < Epoch : reading.Problem == SchedulerFileProblem.Missing && !_stopped.IsCancellationRequested)
                {
                    // One that was started at the same time wrote its own over it, or removed that when it ended.
                    WriteAgain(path);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
    }

    private void WriteFile(string path, ClusterAddress address) => SchedulerFileWriter.Write(path, new SchedulerFile(
        Id,
        address,
        _page?.Port,
        DateTimeOffset.UtcNow,
        _options.Token,
        _options.Certificate is { } certificate ? ClusterCertificate.FingerprintOf(certificate) : "",
        Epoch,
        _options.IsInsecureAllowed));

    private void WriteAgain(string path)
    {
        try
        {
            WriteFile(path, Address!.Value);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The folder is gone or takes nothing now: tried again with the next look.
        }
    }

    private void RemoveFile(string path)
    {
        try
        {
            SchedulerFileWriter.RemoveOwn(path, Id);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _options.Log($"The scheduler file {path} could not be removed: {failure.Message}");
        }
    }

    private Status Authorize(ServerCallContext context) =>
        AccessToken.IsShownBy(context.RequestHeaders.GetValue(AccessToken.MetadataKey), _options.Token)
            ? Status.DefaultSuccess
            : new Status(StatusCode.Unauthenticated, "The call did not show this cluster's token: the scheduler file may be that of another cluster, or of an earlier start.");

    /// <summary>Ends the scheduler when it has had neither tasks nor clients for a time.</summary>
    private async Task WatchIdleAsync(TimeSpan idle)
    {
        var since = Environment.TickCount64;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Clamp(idle.TotalSeconds / 10, 0.05, 10)));
        while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
        {
            var isIdle = await _loop.AskAsync(state => state.Core.IsIdle && state.Clients.Count == 0).ConfigureAwait(false);
            if (!isIdle)
            {
                since = Environment.TickCount64;
            }
            else if (Environment.TickCount64 - since >= idle.TotalMilliseconds)
            {
                await StopAsync($"Nothing was to be done for {idle}.").ConfigureAwait(false);
                return;
            }
        }
    }

    private void OnBreach(InvariantException breach)
    {
        _options.Log(breach.Message);
        _completion.TrySetException(breach);
    }
}
