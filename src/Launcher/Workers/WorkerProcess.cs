using System.Net;
using System.Security.Cryptography.X509Certificates;
using Weft.Protocol;
using Weft.Worker;

namespace Weft.Launcher;

/// <summary>One of the processes of <c>weft worker</c>.</summary>
public static class WorkerProcess
{
    /// <summary>
    /// How long tasks may run on when the process is asked to end. A little less than the supervisor waits, so that a worker says
    /// goodbye before it is ended.
    /// </summary>
    private static readonly TimeSpan LeavePatience = SupervisorOptions.DefaultStopLimit - TimeSpan.FromSeconds(10);

    /// <summary>How soon an order of the supervisor is seen.</summary>
    private static readonly TimeSpan OrderPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until it is asked to stop, or the scheduler is gone for too long or does not take it.</summary>
    /// <param name="options">What its supervisor resolved: one process, with a name, a folder and a limit in bytes.</param>
    /// <param name="report">Takes lines for people.</param>
    /// <param name="stop">Asks it to end.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(WorkerGroupOptions options, Action<string> report, CancellationToken stop)
    {
        var page = OpenPage(options.ProcessFolder, report);
        WorkerHost? running = null;
        await using var beat = new LifeBeat(
            page,
            () => Volatile.Read(ref running)?.Moves() ?? true,
            bytes => Volatile.Read(ref running)?.OnMemory(bytes));
        try
        {
            var scheduler = await FindAsync(options, stop).ConfigureAwait(false);
            var listen = WorkerAddresses.Listen(options, scheduler);
            using var certificate = IPAddress.IsLoopback(listen) || scheduler.IsInsecureAllowed ? null : ClusterCertificate.Create(TimeProvider.System);
            await using var host = await StartAsync(HostOptions(options, scheduler, listen, certificate) with { LifePage = page, Report = line => report($"worker '{options.Name}': {line}") }, options.Port, stop).ConfigureAwait(false);
            Volatile.Write(ref running, host);
            return await EndAsync(host, page, report, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        finally
        {
            page?.End();
        }
    }

    private static LifePage? OpenPage(string? folder, Action<string> report)
    {
        if (folder is null)
        {
            return null;
        }

        try
        {
            return LifePage.Open(WorkerPlace.LifePageIn(folder));
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            report($"its supervisor will not know what it runs: {failure.Message}");
            return null;
        }
    }

    private static WorkerHostOptions HostOptions(WorkerGroupOptions options, ClusterEndpoint scheduler, IPAddress listen, X509Certificate2? certificate) => new()
    {
        Connect = _ => Task.FromResult(Link(options)),
        Name = options.Name ?? throw new ArgumentException("A worker process has a name.", nameof(options)),
        Slots = options.Slots,
        MemoryLimitBytes = ByteSize.Parse(options.MemoryLimit),
        MemoryPauseFraction = options.MemoryPause,
        Resources = options.Resources,
        ListenAddress = listen,
        Ports = (options.Port.First, options.Port.Last),
        ContactAddress = WorkerAddresses.Contact(options, listen, scheduler.Address.Host),
        Certificate = certificate,
        LocalDirectory = options.LocalDirectory ?? throw new ArgumentException("A worker process has a folder.", nameof(options)),
        DeathTimeout = options.DeathTimeout ?? Timeout.InfiniteTimeSpan,
        ReconnectTimeout = options.ReconnectTimeout,
    };

    private static async Task<WorkerHost> StartAsync(WorkerHostOptions options, PortRange ports, CancellationToken stop)
    {
        try
        {
            return await WorkerHost.StartAsync(options, stop).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw new LaunchException(ExitCodes.CannotListen, $"--port: {ports} cannot be had at {options.ListenAddress}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static async Task<int> EndAsync(WorkerHost host, LifePage? page, Action<string> report, CancellationToken stop)
    {
        var leaving = Task.CompletedTask;
        LeaveOrder? given = null;
        LeaveOrder? signalled = null;
        while (!host.Completion.IsCompleted)
        {
            if (stop.IsCancellationRequested)
            {
                signalled ??= LeaveOrder.Within("a signal", LeavePatience);
            }

            // The supervisor writes its order before it sends its signal: a signal without one is somebody else's.
            if ((page?.ReadOrder() ?? signalled) is { } order && order != given)
            {
                given = order;
                leaving = Task.WhenAll(leaving, host.LeaveAsync(order));
            }

            await Task.WhenAny(host.Completion, Task.Delay(OrderPoll, CancellationToken.None)).ConfigureAwait(false);
        }

        await leaving.ConfigureAwait(false);
        var end = await host.Completion.ConfigureAwait(false);
        if (end.Reason != WorkerEndReason.Stopped)
        {
            report(end.Message);
        }

        if (end.ShouldRestart)
        {
            // At once: a task that does not listen, or a thread that it began, would hold up an end in order.
            page?.End();
            Environment.Exit(ExitCodeOf(end));
        }

        return ExitCodeOf(end);
    }

    private static int ExitCodeOf(WorkerEnd end) => end switch
    {
        { Reason: WorkerEndReason.Broken } => ExitCodes.Failure,
        { ShouldRestart: true } => ExitCodes.RestartWanted,
        { Reason: WorkerEndReason.Stopped or WorkerEndReason.Told } => ExitCodes.Ok,
        { Reason: WorkerEndReason.Refused } => ExitCodes.Refused,
        { Reason: WorkerEndReason.SchedulerNotFound or WorkerEndReason.SchedulerLost } => ExitCodes.NotReachable,
        _ => ExitCodes.Failure,
    };

    /// <summary>What the file says now: where to listen depends on where the scheduler is.</summary>
    private static async Task<ClusterEndpoint> FindAsync(WorkerGroupOptions options, CancellationToken stop)
    {
        var patience = options.DeathTimeout ?? Timeout.InfiniteTimeSpan;
        var reading = await SchedulerFileReader.WaitAsync(options.SchedulerFile, patience, TimeProvider.System, stop).ConfigureAwait(false);
        return reading.IsRead
            ? EndpointOf(options, reading.File)
            : throw new LaunchException(reading.MayPass ? ExitCodes.NotReachable : ExitCodes.Usage, reading.Message);
    }

    /// <summary>Called for each connection: the file may be a new scheduler's by then.</summary>
    private static SchedulerLink Link(WorkerGroupOptions options)
    {
        var reading = SchedulerFileReader.Read(options.SchedulerFile);
        if (!reading.IsRead)
        {
            throw new IOException(reading.Message);
        }

        var endpoint = EndpointOf(options, reading.File);
        var channel = ClusterChannel.Open(endpoint);
        return new SchedulerLink(channel, endpoint.Token, channel);
    }

    private static ClusterEndpoint EndpointOf(WorkerGroupOptions options, SchedulerFile file) =>
        options.SchedulerAddress is { } address ? file.Endpoint with { Address = address } : file.Endpoint;
}
