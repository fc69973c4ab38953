using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Scheduler;

namespace Weft.Launcher;

/// <summary><c>weft scheduler</c>: a scheduler on this host, from its options to its end.</summary>
public static class SchedulerProcess
{
    /// <summary>For an answer of the scheduler that the file names: one that takes longer hangs.</summary>
    private static readonly TimeSpan SecondPatience = TimeSpan.FromSeconds(3);

    /// <summary>Runs until it is asked to stop, has been idle for too long, or another scheduler has taken its place.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="announce">Takes one line as soon as the scheduler can be reached.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <param name="stop">Asks it to end; its file is removed then.</param>
    /// <exception cref="LaunchException">It cannot listen, or cannot write its file or its journal, or it broke one of its own rules.</exception>
    public static async Task RunAsync(SchedulerProcessOptions options, Action<string> announce, Action<string> log, CancellationToken stop)
    {
        var dataLimit = DataLimitOf(options);
        var address = options.Host is { } name ? HostAddresses.OfName(name) : IPAddress.Any;
        var isCleartext = options.IsInsecure || IPAddress.IsLoopback(address);
        var file = Writable(options.SchedulerFile);
        var before = SchedulerFileReader.Read(file).File;
        await RefuseSecondAsync(file, before, stop).ConfigureAwait(false);
        var journal = PlaceOf(options, file, log);
        var identity = IdentityOf(options, journal);
        using var certificate = identity.Certificate;
        var hostOptions = new SchedulerHostOptions
        {
            Listen = PortOrAny(address, options.Port, before?.Address.Port, Limits.DefaultSchedulerPort, "--port", log),
            StatusListen = PortOrAny(address, options.StatusPort, before?.StatusPort, Limits.DefaultStatusPort, "--status-port", log),
            AdvertisedHost = HostAddresses.IsAny(address) ? HostAddresses.Outgoing().ToString() : options.Host!,
            Certificate = isCleartext ? null : certificate,
            Token = identity.Token,
            JournalFolder = journal,
            EpochFolder = file + JournalPlace.Suffix,
            IsInsecureAllowed = options.IsInsecure,
            SchedulerFile = file,
            IdleTimeout = options.IdleTimeout,
            WorkerLease = options.WorkerLease,
            ClientBytesMax = dataLimit,
            Log = log,
        };
        await using var host = await StartAsync(hostOptions, options, stop).ConfigureAwait(false);
        announce($"Scheduler at {host.Address}, status page {host.StatusUrl}, scheduler file {options.SchedulerFile}");
        await EndAsync(host, log, stop).ConfigureAwait(false);
    }

    private static long DataLimitOf(SchedulerProcessOptions options)
    {
        try
        {
            return ByteSize.ParseSizeOrFraction(options.DataLimit, GrantedMemory.Of(HostView.Current).Bytes);
        }
        catch (FormatException problem)
        {
            throw new LaunchException(ExitCodes.Usage, $"--data-limit: {problem.Message}");
        }
    }

    private static async Task<SchedulerHost> StartAsync(SchedulerHostOptions options, SchedulerProcessOptions asked, CancellationToken stop)
    {
        try
        {
            return await StartAtFreePortsAsync(options, asked, stop).ConfigureAwait(false);
        }
        catch (SupersededException successor)
        {
            throw new LaunchException(ExitCodes.AnotherServes, OneLine(successor));
        }
        catch (JournalException failure)
        {
            throw new LaunchException(ExitCodes.Usage, OneLine(failure));
        }
        catch (AddressInUseException taken)
        {
            throw new LaunchException(ExitCodes.CannotListen, OneLine(taken));
        }
        catch (Exception failure) when (failure is SocketException || failure.InnerException is SocketException)
        {
            throw new LaunchException(ExitCodes.CannotListen, $"cannot listen at {options.Listen}: {OneLine(failure)}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException(ExitCodes.Usage, $"--scheduler-file: {options.SchedulerFile} cannot be written: {OneLine(failure)}");
        }
    }

    /// <summary>Of schedulers that start at a time each may see the same port free, and one gets it.</summary>
    private static async Task<SchedulerHost> StartAtFreePortsAsync(SchedulerHostOptions options, SchedulerProcessOptions asked, CancellationToken stop)
    {
        try
        {
            return await SchedulerHost.StartAsync(options, stop).ConfigureAwait(false);
        }
        catch (AddressInUseException taken) when (IsAny(asked.Port) || IsAny(asked.StatusPort))
        {
            options.Log($"{OneLine(taken)} Ports that were not asked for may be any now.");
            return await SchedulerHost.StartAsync(
                options with
                {
                    Listen = AnyUnless(asked.Port, options.Listen),
                    StatusListen = AnyUnless(asked.StatusPort, options.StatusListen),
                },
                stop).ConfigureAwait(false);
        }

        static IPEndPoint? AnyUnless(int? port, IPEndPoint? listen) => IsAny(port) && listen is not null ? new IPEndPoint(listen.Address, 0) : listen;
    }

    /// <summary>Nobody asked for a certain one.</summary>
    private static bool IsAny(int? port) => port is null or 0;

    private static async Task EndAsync(SchedulerHost host, Action<string> log, CancellationToken stop)
    {
        try
        {
            log(await host.Completion.WaitAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            await host.StopAsync("It was asked to.").ConfigureAwait(false);
        }
        catch (SupersededException successor)
        {
            throw new LaunchException(ExitCodes.AnotherServes, OneLine(successor));
        }
        catch (InvariantException breach)
        {
            throw new LaunchException(ExitCodes.Failure, breach.Message);
        }
    }

    /// <summary>A scheduler that answers is not to be replaced by a second start: whoever wants another ends it first. One that is dead, or hangs, gives way.</summary>
    private static async Task RefuseSecondAsync(string path, SchedulerFile? before, CancellationToken stop)
    {
        if (before is not { } file || file.Endpoint.Objection is not null)
        {
            return;
        }

        var probe = await ClusterProbe.AskAsync(file.Endpoint, SecondPatience, stop).ConfigureAwait(false);
        if (probe.Info is { } info && info.SchedulerId == file.Id)
        {
            throw new LaunchException(
                ExitCodes.AnotherServes,
                $"--scheduler-file: a scheduler at {file.Address} serves {path} already (epoch {info.Epoch}, {info.Workers.Count} workers); end that one first, or choose another file.");
        }
    }

    private static string? PlaceOf(SchedulerProcessOptions options, string file, Action<string> log)
    {
        var place = JournalPlace.Of(options.Journal, JournalSurroundings.WithoutLinks(file), JournalSurroundings.Current);
        if (place.Note is { } note)
        {
            log(note);
        }

        try
        {
            return place.IsLocal ? JournalMark.Claim(file, place.Folder!, Environment.MachineName) : place.Folder;
        }
        catch (JournalException failure)
        {
            throw new LaunchException(ExitCodes.Usage, OneLine(failure));
        }
    }

    private static SchedulerCredentials IdentityOf(SchedulerProcessOptions options, string? journal)
    {
        try
        {
            return SchedulerIdentityStore.Open(journal, options.Identity, TimeProvider.System);
        }
        catch (JournalException failure)
        {
            throw new LaunchException(ExitCodes.Usage, OneLine(failure));
        }
    }

    /// <summary>
    /// A port that somebody asked for is had or refused. Else it is that of the scheduler which was killed, because nodes elsewhere may have a copy of its file, or the usual one; both give way, because the
    /// scheduler file names what is taken instead.
    /// </summary>
    private static IPEndPoint PortOrAny(IPAddress address, int? asked, int? before, int usual, string option, Action<string> log)
    {
        var endpoint = new IPEndPoint(address, IsAny(asked) ? before ?? asked ?? usual : asked!.Value);
        if (IsFree(endpoint))
        {
            return endpoint;
        }

        if (!IsAny(asked))
        {
            throw new LaunchException(ExitCodes.CannotListen, $"{option}: {endpoint} is taken; 0 takes any free port.");
        }

        log($"port {endpoint.Port} is taken, another one is used ({option} chooses).");
        return new IPEndPoint(address, 0);
    }

    private static bool IsFree(IPEndPoint endpoint)
    {
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endpoint);
            socket.Listen();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException failure)
        {
            throw new LaunchException(ExitCodes.CannotListen, $"cannot listen at {endpoint}: {OneLine(failure)}");
        }
    }

    private static string Writable(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new LaunchException(ExitCodes.Usage, $"--scheduler-file: '{path}' is a folder.");
        }

        return Directory.Exists(Path.GetDirectoryName(full))
            ? full
            : throw new LaunchException(ExitCodes.Usage, $"--scheduler-file: the folder '{Path.GetDirectoryName(full)}' does not exist.");
    }

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ").Trim();
}
