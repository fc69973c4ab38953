using Weft.Launcher;
using Weft.Provisioning;

namespace Weft;

/// <summary>
/// A cluster that a file describes: on this machine, on hosts by SSH, in the queue of Grid Engine or Slurm. It runs in processes of its own, which outlive this program if it ends without
/// <see cref="DisposeAsync"/>: <c>weft down</c> ends them then. Thread safe, but for disposing.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(60);

    private readonly ClusterSite _site;
    private readonly SchedulerReach _reach;
    private readonly Action<string> _log;
    private readonly bool _isOwned;
    private bool _isStopped;
    private int _isDisposed;

    internal Cluster(ClusterSite site, SchedulerReach reach, Action<string> log, bool isOwned, string statusUrl)
    {
        (_site, _reach, _log, _isOwned) = (site, reach, log, isOwned);
        StatusUrl = statusUrl;
    }

    /// <summary>Its name in the file.</summary>
    public string Name => _site.Configuration.ClusterName;

    /// <summary>A scheduler file on this machine, which is good for as long as this object lives.</summary>
    public string SchedulerFile => _reach.SchedulerFile;

    /// <summary>The status page, as the head's machine knows it.</summary>
    public string StatusUrl { get; }

    /// <summary>Brings a cluster up, as <c>weft up</c> does: one of the same name that runs is used, and gets this file's bounds. Whoever started it here ends it by disposing.</summary>
    /// <param name="file">The cluster file.</param>
    /// <param name="log">Takes lines for people: nodes that come, what they wait for. Null: nobody reads them.</param>
    /// <param name="cancellationToken">Cancels the start, and takes down what was started.</param>
    /// <returns>Completes when the scheduler answers and the minimum of nodes is ready, or waits in a queue.</returns>
    /// <exception cref="LaunchException">The file is wrong, or the start failed; the message says what, on which node.</exception>
    public static async Task<Cluster> StartAsync(string file, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        var say = log ?? (static _ => { });
        var site = ClusterSite.Open(file, say);
        try
        {
            var up = new ClusterUp(site, say);
            var reach = await up.RunAsync(waitForAll: false, cancellationToken).ConfigureAwait(false);
            try
            {
                return await OfAsync(site, reach, say, isOwned: !up.WasRunning, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await up.TakeDownAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch
        {
            await site.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds a cluster that runs. Disposing leaves it running.</summary>
    /// <param name="file">The cluster file.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="LaunchException">The file is wrong, or no such cluster runs.</exception>
    public static async Task<Cluster> ConnectAsync(string file, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        var say = log ?? (static _ => { });
        var site = ClusterSite.Open(file, say);
        try
        {
            var reach = await SchedulerReach.RequireAsync(site, cancellationToken).ConfigureAwait(false);
            return await OfAsync(site, reach, say, isOwned: false, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await site.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Another client of this cluster. Dispose it before the cluster.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    public Task<WeftClient> ConnectClientAsync(WeftClientOptions? options = null, CancellationToken cancellationToken = default) =>
        WeftClient.ConnectAsync(SchedulerFile, options, cancellationToken);

    /// <summary>Sets the number of worker nodes, whatever there is to do. Nodes with running tasks end these first.</summary>
    /// <param name="nodes">At most <c>max_workers</c> of the file.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <returns>Completes when the cluster has been told, not when the nodes are there.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="LaunchException">It is more than the file allows, or the cluster cannot be reached.</exception>
    public Task ScaleAsync(int nodes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        return ClusterScaling.SetAsync(SchedulerFile, nodes, nodes, cancellationToken);
    }

    /// <summary>Has the number of worker nodes follow what there is to do.</summary>
    /// <param name="minimum">So many stay when there is nothing to do; null: as the file says.</param>
    /// <param name="maximum">At most <c>max_workers</c> of the file; null: that.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <returns>Completes when the cluster has been told.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the minimum is above the maximum.</exception>
    /// <exception cref="LaunchException">A number is more than the file allows, or the cluster cannot be reached.</exception>
    public Task AdaptAsync(int? minimum = null, int? maximum = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimum ?? 0, nameof(minimum));
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum ?? int.MaxValue, minimum ?? 0, nameof(maximum));
        return ClusterScaling.SetAsync(SchedulerFile, minimum, maximum, cancellationToken);
    }

    /// <summary>The last lines that a node has written, oldest first.</summary>
    /// <param name="node">Its name, <c>TYPE-NUMBER</c>; the head's is <c>head-1</c>.</param>
    /// <param name="lines">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">That is no node's name.</exception>
    /// <exception cref="LaunchException">There is no such node and nothing of it, or the system that it is from could not be asked.</exception>
    public Task<IReadOnlyList<string>> ReadLogAsync(string node, int lines = 100, CancellationToken cancellationToken = default) =>
        NodeId.TryParse(node, out var id)
            ? new ClusterLogs(_site).ReadAsync(id, lines, cancellationToken)
            : throw new ArgumentException($"'{node}' is not a node's name: TYPE-NUMBER, for example worker-1, or head-1.", nameof(node));

    /// <summary>Ends the cluster, whoever started it, and looks that nothing is left.</summary>
    /// <param name="cancellationToken">Gives up waiting; some of it may be left then.</param>
    /// <exception cref="LaunchException">Something is left.</exception>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await new ClusterDown(_site, _log).RunAsync(cancellationToken).ConfigureAwait(false);
        _isStopped = true;
    }

    /// <summary>Ends the cluster if <see cref="StartAsync"/> here started it, and otherwise only the way to it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        try
        {
            if (_isOwned && !_isStopped)
            {
                await StopAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await _reach.DisposeAsync().ConfigureAwait(false);
            await _site.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Owns the way there from its first line on.</summary>
    private static async Task<Cluster> OfAsync(ClusterSite site, SchedulerReach reach, Action<string> log, bool isOwned, CancellationToken cancellation)
    {
        try
        {
            var found = await new SchedulerSearch(reach.SchedulerFile, null, TimeProvider.System, static _ => { }).FindAsync(AnswerPatience, cancellation).ConfigureAwait(false);
            return new Cluster(site, reach, log, isOwned, found.Info?.StatusUrl ?? throw new LaunchException(found.ExitCode, found.Message));
        }
        catch
        {
            await reach.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
