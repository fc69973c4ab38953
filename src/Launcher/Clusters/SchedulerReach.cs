using System.Diagnostics.CodeAnalysis;
using Weft.Protocol;
using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>
/// A scheduler file on this machine by which a cluster's scheduler can be reached from here: the cluster's own, a copy of it, or one that points at a tunnel, which lasts until this is disposed.
/// </summary>
public sealed class SchedulerReach : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly OwnedFolder? _copy;
    private readonly PortForward? _tunnel;
    private IAsyncDisposable? _owned;

    private SchedulerReach(string file, OwnedFolder? copy, PortForward? tunnel)
    {
        SchedulerFile = file;
        _copy = copy;
        _tunnel = tunnel;
    }

    public string SchedulerFile { get; }

    /// <summary>A scheduler file of this machine, wherever it is from.</summary>
    public static SchedulerReach OfFile(string path) => new(path, null, null);

    /// <summary>The same, which disposes what it depends on with itself.</summary>
    public SchedulerReach Owning(IAsyncDisposable other)
    {
        _owned = other;
        return this;
    }

    /// <summary>Looks for the cluster's scheduler.</summary>
    /// <returns>Null: there is no scheduler file, so none is meant to run.</returns>
    /// <exception cref="ProviderException">The head's host cannot be reached.</exception>
    /// <exception cref="LaunchException">The file is none.</exception>
    public static async Task<SchedulerReach?> FindAsync(ClusterSite site, CancellationToken cancellation)
    {
        var path = await site.SchedulerFileAsync(cancellation).ConfigureAwait(false);
        if (site.Head.IsThisMachine)
        {
            return File.Exists(path) ? new SchedulerReach(path, null, null) : null;
        }

        var read = await site.Head.RunAsync($"if test -e {ShellText.Quote(path)}; then cat {ShellText.Quote(path)}; fi", null, cancellation).ConfigureAwait(false);
        if (!read.IsOk)
        {
            throw new ProviderException(FailureKind.Permanent, $"{path} on {site.Head.Name} cannot be read: {read.Complaint}");
        }

        return read.Output.Length == 0 ? null : await OfCopyAsync(site, path, read.Output, cancellation).ConfigureAwait(false);
    }

    /// <summary>The way to a cluster that must be running.</summary>
    /// <exception cref="LaunchException">It is not, or its head cannot be reached.</exception>
    public static async Task<SchedulerReach> RequireAsync(ClusterSite site, CancellationToken cancellation)
    {
        try
        {
            return await FindAsync(site, cancellation).ConfigureAwait(false)
                ?? throw new LaunchException(ExitCodes.NotReachable, $"cluster {site.Configuration.ClusterName} is not up: {await site.SchedulerFileAsync(cancellation).ConfigureAwait(false)} on {site.Head.Name} does not exist.");
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.NotReachable, failure.Message);
        }
    }

    /// <summary>What the scheduler says of its cluster.</summary>
    /// <exception cref="LaunchException">It does not answer, or refuses us; the exit code says which.</exception>
    public async Task<V1.ClusterInfo> AskAsync(CancellationToken cancellation)
    {
        var found = await ProbeAsync(cancellation).ConfigureAwait(false);
        return found.Info ?? throw new LaunchException(found.ExitCode, found.Message);
    }

    /// <summary>The same, or why there is no answer.</summary>
    internal Task<ProbeResult> ProbeAsync(CancellationToken cancellation) => new SchedulerSearch(SchedulerFile, null, TimeProvider.System, static _ => { }).TryAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_tunnel is not null)
        {
            await _tunnel.DisposeAsync().ConfigureAwait(false);
        }

        _copy?.Dispose();
        if (_owned is not null)
        {
            await _owned.DisposeAsync().ConfigureAwait(false);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "What was made goes to the result, or is disposed with the failure.")]
    private static async Task<SchedulerReach> OfCopyAsync(ClusterSite site, string path, string json, CancellationToken cancellation)
    {
        var reading = SchedulerFileReader.Parse(System.Text.Encoding.UTF8.GetBytes(json), $"{site.Head.Name}:{path}");
        var file = reading.File ?? throw new LaunchException(ExitCodes.NotReachable, reading.Message);
        var copy = OwnedFolder.Create("reach");
        PortForward? tunnel = null;
        try
        {
            var target = Path.Combine(copy.Path, "scheduler.json");
            var probe = file.Endpoint.Objection is null && !file.Address.IsLoopback ? await ClusterProbe.AskAsync(file.Endpoint, Patience, cancellation).ConfigureAwait(false) : default;
            if (probe.Info?.SchedulerId != file.Id)
            {
                tunnel = await site.Head.ForwardAsync(file.Address.Host, file.Address.Port, 0, cancellation).ConfigureAwait(false);
                file = file with { Address = new ClusterAddress(file.Address.IsTls, tunnel.Local.Address.ToString(), tunnel.Local.Port) };
            }

            SchedulerFileWriter.Write(target, file);
            return new SchedulerReach(target, copy, tunnel);
        }
        catch
        {
            if (tunnel is not null)
            {
                await tunnel.DisposeAsync().ConfigureAwait(false);
            }

            copy.Dispose();
            throw;
        }
    }
}
