using System.Diagnostics;
using System.Globalization;
using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>
/// <c>weft worker</c>: finds the scheduler, works out how many processes of what size this job was granted, and keeps them alive.
/// </summary>
public sealed class WorkerGroup
{
    private readonly WorkerGroupOptions _options;
    private readonly HostView _host;
    private readonly string _name;

    /// <exception cref="LaunchException">Something in the options cannot be had on this host.</exception>
    public WorkerGroup(WorkerGroupOptions options, HostView host)
    {
        _options = options;
        _host = host;
        if (AddressSpaceLimit.Of(host)?.Objection is { } objection)
        {
            throw new LaunchException(ExitCodes.Failure, objection);
        }

        RequireAddresses(options);
        Processes = options.Processes ?? Math.Max(1, GrantedCores.Of(host).Count / options.Slots);
        if (options.Port is { First: > 0 } && options.Port.Count < Processes)
        {
            throw new LaunchException(
                ExitCodes.Usage,
                $"--port: {Processes} worker processes need as many ports, and '{options.Port}' has {options.Port.Count}: give a range such as {options.Port.First}-{options.Port.First + Processes - 1}.");
        }

        var granted = GrantedMemory.Of(host);
        MemoryBytes = options.MemoryLimit == "auto" ? granted.ShareOf(Processes) : ParseMemory(options.MemoryLimit, granted.Bytes);
        _name = options.Name ?? WorkerNames.Default(host, Environment.MachineName, Environment.ProcessId);
    }

    public int Processes { get; }

    /// <summary>The limit of each process.</summary>
    public long MemoryBytes { get; }

    /// <summary>Runs until all worker processes have ended.</summary>
    /// <param name="report">Takes lines for people.</param>
    /// <param name="stop">Asks them to end.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="LaunchException">There is no scheduler, or it refuses us.</exception>
    public async Task<int> RunAsync(Action<string> report, CancellationToken stop)
    {
        try
        {
            var search = new SchedulerSearch(_options.SchedulerFile, _options.SchedulerAddress, TimeProvider.System, report);
            var found = await search.FindAsync(_options.DeathTimeout, stop).ConfigureAwait(false);
            if (found.Info is null)
            {
                throw new LaunchException(found.ExitCode, found.Message);
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Ok;
        }

        using var folder = LocalFolder.Of(_options.LocalDirectory);
        var options = SupervisorOptions(folder, report);
        var supervisor = new WorkerSupervisor(options, TimeProvider.System);
        using var ended = new CancellationTokenSource();
        var watching = WatchPreemptionAsync(supervisor, options, ended.Token);
        try
        {
            return await supervisor.RunAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    /// <summary>It is the instance that goes: all of its workers leave.</summary>
    private Task WatchPreemptionAsync(WorkerSupervisor supervisor, SupervisorOptions options, CancellationToken cancellationToken)
    {
        return _options.PreemptionSource.EndpointOn(options.Host) is { } endpoint
            ? new PreemptionWatch(endpoint, PreemptionWatch.DefaultInterval, TimeProvider.System).RunAsync(OnNotice, cancellationToken)
            : Task.CompletedTask;

        void OnNotice(PreemptionNotice notice)
        {
            options.Report($"{notice.Reason}{(notice.At is { } at ? $", {at:u}" : "")}: asking all workers to leave.");
            supervisor.Leave(notice.Reason, notice.LimitFrom(TimeProvider.System.GetUtcNow(), options.StopLimit));
        }
    }

    /// <summary>Found wrong here, it is said once; found by the processes, by each.</summary>
    private static void RequireAddresses(WorkerGroupOptions options)
    {
        if (options.Interface is { } name)
        {
            _ = HostAddresses.OfInterface(name);
        }

        if (options.Host is { } host)
        {
            _ = HostAddresses.OfName(host);
        }
    }

    private static long ParseMemory(string text, long granted)
    {
        try
        {
            return ByteSize.ParseSizeOrFraction(text, granted);
        }
        catch (FormatException exception)
        {
            throw new LaunchException(ExitCodes.Usage, $"--memory-limit: {exception.Message}");
        }
    }

    private SupervisorOptions SupervisorOptions(LocalFolder folder, Action<string> report)
    {
        var reporter = new DeathReporter(_options.SchedulerFile, _options.SchedulerAddress, report);
        return new SupervisorOptions
        {
            Count = Processes,
            Command = place => CommandOf(place, folder),
            Folder = folder.Own,
            Slots = _options.Slots,
            MemoryLimitBytes = MemoryBytes,
            Lease = _options.Lease,
            Lifetime = _options.Lifetime,
            ReportDeath = death => reporter.ReportAsync(death.ToMessage(NameOf(death.Index))),
            Report = report,
            Host = _host,
        };
    }

    private string NameOf(int index) => WorkerNames.OfProcess(_name, index, Processes);

    private ProcessStartInfo CommandOf(WorkerPlace place, LocalFolder folder)
    {
        var arguments = new List<string> { "worker" };
        if (_options.SchedulerAddress is { } address)
        {
            arguments.Add(address.ToString());
        }

        Add("--child-of", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Add("--scheduler-file", _options.SchedulerFile);
        Add("--nworkers", "1");
        Add("--nthreads", _options.Slots.ToString(CultureInfo.InvariantCulture));
        Add("--memory-limit", MemoryBytes.ToString(CultureInfo.InvariantCulture));
        Add("--memory-pause", _options.MemoryPause?.ToString(CultureInfo.InvariantCulture) ?? "off");
        Add("--name", NameOf(place.Index));
        Add("--resources", _options.Resources.Count == 0 ? null : _options.Resources.ToString());
        Add("--local-directory", folder.Code);
        Add("--process-folder", place.Folder);
        Add("--host", _options.Host);
        Add("--interface", _options.Interface);
        Add("--port", _options.Port.ToString());
        Add("--contact-address", _options.ContactAddress);

        // The scheduler has answered once: from here on it is a lost one that is looked for.
        Add("--death-timeout", Duration.Format(_options.ReconnectTimeout));
        Add("--reconnect-timeout", Duration.Format(_options.ReconnectTimeout));

        return SelfCommand.Create(arguments);

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                arguments.Add(option);
                arguments.Add(value);
            }
        }
    }
}
