using Weft.Client;
using Weft.Client.Core;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Serialization;
using V1 = Weft.Protocol.V1;

namespace Weft;

/// <summary>
/// A connection to a cluster: what tasks are submitted with. Thread safe. It reconnects by itself; tasks and results live on the cluster
/// meanwhile. Disposing it says goodbye: everything it holds is released.
/// </summary>
/// <remarks>
/// <para>Functions are methods, lambdas and local functions, synchronous or asynchronous, with their closures. They run in other processes: what they
/// captured and their arguments are copied, and a static field they read has the worker's value, not this program's.</para>
/// <para>Arguments are values or futures, freely mixed; a future stands for its result and is not waited for here.</para>
/// </remarks>
public sealed partial class WeftClient : IAsyncDisposable
{
    private readonly SessionRunner _runner;
    private readonly ISchedulerSource _source;
    private readonly SchedulerCalls _calls;
    private readonly FunctionCatalog _functions;
    private readonly TokenCancellations _tokens;
    private readonly CancellationTokenSource _closing = new();
    private int _isDisposed;

    /// <summary>What ends with this client; known once it is connected.</summary>
    private IAsyncDisposable? _owner;

    private WeftClient(ISchedulerSource source, WeftClientOptions options, bool shipsCode)
    {
        Options = options;
        _source = source;
        _calls = new SchedulerCalls(source, options, _closing.Token);
        FutureCodecs.Register(Serializer);
        Decoder = new ResultDecoder(Serializer);
        Session = new ClientSession(
            new SessionSettings
            {
                ReconnectTimeoutMs = (long)options.ReconnectTimeout.TotalMilliseconds,
                UnacknowledgedBytesMax = options.UnacknowledgedBytesMax,
            },
            options.Time);
        Session.FetchResults = new ResultFetcher(Session, source, _closing.Token).Fetch;
        _tokens = new TokenCancellations(Session);
        var catalog = shipsCode ? new BundleCatalog(new BundleOptions { ContentPaths = options.ContentPaths }) : null;
        _functions = catalog is null ? new FunctionCatalog(LocalCode.Instance, statics: null) : new FunctionCatalog(catalog, new StaticWarnings(catalog, Warn));
        _runner = new SessionRunner(Session, source, catalog, options) { Logged = OnLogged };
    }

    /// <summary>Raised for each line that a task writes to its console, if <see cref="WeftClientOptions.FollowLogs"/>. On the connection's own thread: be brief.</summary>
    public event EventHandler<TaskLogLine>? Logged;

    /// <summary>The options it was connected with.</summary>
    public WeftClientOptions Options { get; }

    internal ClientSession Session { get; }

    internal ResultDecoder Decoder { get; }

    internal ValueSerializer Serializer { get; } = new();

    /// <summary>Connects to the scheduler that a file names.</summary>
    /// <param name="schedulerFile">
    /// The file that the scheduler writes. Null: the environment variable <c>WEFT_SCHEDULER_FILE</c> names it. A cluster file (<c>.yaml</c>) stands for that of its running cluster, and where its scheduler cannot be
    /// reached from here, for a tunnel to it, which lasts as long as this client.
    /// </param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    /// <returns>Completes when the scheduler has said welcome. The file and the scheduler are waited for, up to <see cref="WeftClientOptions.ConnectTimeout"/>.</returns>
    /// <exception cref="SchedulerLostException">There was no scheduler in time: no file, one that cannot be used, or one whose scheduler does not answer. The message says which.</exception>
    /// <exception cref="ArgumentException">No file is named; or it is a cluster file, and the program does not refer to the launcher.</exception>
    public static Task<WeftClient> ConnectAsync(string? schedulerFile = null, WeftClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        var path = schedulerFile ?? Environment.GetEnvironmentVariable("WEFT_SCHEDULER_FILE");
        if (string.IsNullOrEmpty(path))
        {
            throw new ArgumentException("No scheduler file is named: pass its path, or set WEFT_SCHEDULER_FILE.", nameof(schedulerFile));
        }

        return ClusterFileWay.IsClusterFile(path)
            ? ConnectToClusterAsync(path, options, cancellationToken)
            : ConnectAsync(new FiledScheduler(path), options, shipsCode: true, cancellationToken);
    }

    /// <summary>For hosts: connects by a channel of the host's own.</summary>
    /// <param name="connection">The way to the scheduler and to workers, and whether code has to be shipped.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    /// <exception cref="SchedulerLostException">The scheduler did not answer in time.</exception>
    public static Task<WeftClient> ConnectAsync(WeftConnection connection, WeftClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return ConnectAsync(new GivenScheduler(connection.Scheduler, connection.ToWorker), options, connection.ShipsCode, cancellationToken, connection.Owner);
    }

    /// <summary>Asks the scheduler for the cluster at a glance.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SchedulerLostException">The scheduler cannot be reached at the moment.</exception>
    public async Task<ClusterInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        try
        {
            var scheduler = await _source.FindAsync(cancellationToken).ConfigureAwait(false);
            return ClusterInfo.Of(await scheduler.AsyncUnaryCall(
                WeftServices.ControlGetInfo, new CallOptions(CancellationToken: cancellationToken), new V1.InfoRequest()).ConfigureAwait(false));
        }
        catch (RpcException failed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new SchedulerLostException($"The scheduler cannot be asked: {failed.Message}", failed);
        }
    }

    /// <summary>Says goodbye to the scheduler, which releases everything this client holds, and ends the connection. Futures that are pending fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _runner.DisposeAsync().ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        _source.Dispose();
        if (_owner is not null)
        {
            await _owner.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The hold of a future, if it was submitted with this client.</summary>
    internal TaskHold HoldOf(Future future)
    {
        ArgumentNullException.ThrowIfNull(future);
        if (future.Hold is not { } hold)
        {
            throw new ArgumentException($"The future {future.Key} came to a task among its arguments and is complete: it belongs to no client.", nameof(future));
        }

        Require(hold);
        return hold;
    }

    /// <exception cref="ArgumentException">The tasks were submitted with another client.</exception>
    internal void Require(TaskHold hold)
    {
        if (!ReferenceEquals(hold.Session, Session))
        {
            throw new ArgumentException("The future was submitted with another client. Gather its result and pass that.");
        }
    }

    /// <summary>The task of a future that is to be an input.</summary>
    /// <exception cref="SchedulerLostException">It is of a session that is gone.</exception>
    internal TaskId TaskOf(Future future)
    {
        var hold = HoldOf(future);
        if (Session.LossOf(hold.Generation) is { } loss)
        {
            throw TaskExceptions.Of(loss);
        }

        return future.Run.First;
    }

    private static async Task<WeftClient> ConnectToClusterAsync(string path, WeftClientOptions? options, CancellationToken cancellationToken)
    {
        var (file, way) = await ClusterFileWay.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return await ConnectAsync(new FiledScheduler(file), options, shipsCode: true, cancellationToken, way).ConfigureAwait(false);
        }
        catch
        {
            await way.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<WeftClient> ConnectAsync(ISchedulerSource source, WeftClientOptions? options, bool shipsCode, CancellationToken cancellationToken, IAsyncDisposable? owner = null)
    {
        var client = new WeftClient(source, options ?? new WeftClientOptions(), shipsCode);
        try
        {
            await client._runner.ConnectAsync(cancellationToken).ConfigureAwait(false);
            client._owner = owner;
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);

    private void Warn(string text)
    {
        if (Options.Warning is { } taken)
        {
            taken(text);
            return;
        }

        Console.Error.WriteLine($"weft: warning: {text}");
    }

    private void OnLogged(V1.LogLine line)
    {
        if (Logged is { } listeners)
        {
            listeners(this, new TaskLogLine(new TaskId(line.Task).ToString(), line.Worker, line.IsError, line.Text));
        }
        else if (Options.FollowLogs)
        {
            (line.IsError ? Console.Error : Console.Out).WriteLine($"[{line.Worker}] {line.Text}");
        }
    }
}
