using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A cluster file with the ways to what it names: the provider of its nodes, and the machine of its head. Nothing is asked of either before it is needed. Thread safe, but for disposing.</summary>
public sealed class ClusterSite : IAsyncDisposable
{
    private readonly Lazy<IClusterProvider> _provider;
    private readonly Lazy<IClusterProvider> _headProvider;
    private readonly Lazy<IHeadHost> _head;

    /// <summary>Two calls at a time may both find it out; it is the same.</summary>
    private ClusterFolder? _folder;

    private ClusterSite(ClusterConfiguration configuration, string file, Action<string> log, IHeadHost? head = null)
    {
        Configuration = configuration;
        ConfigurationFile = file;
        Log = log;
        _provider = new Lazy<IClusterProvider>(() => ProviderCatalog.Create(Configuration, Configuration.SettingsFor(ClusterFolder.UsualOf(Configuration.ClusterName), Log)));
        _headProvider = new Lazy<IClusterProvider>(OfHeadAlone);
        _head = head is null ? new Lazy<IHeadHost>(() => HeadHosts.Of(Configuration)) : new Lazy<IHeadHost>(head);
    }

    public ClusterConfiguration Configuration { get; }

    /// <summary>The cluster file here.</summary>
    public string ConfigurationFile { get; }

    internal Action<string> Log { get; }

    /// <summary>With the login of whoever runs this, from here.</summary>
    /// <exception cref="ProviderException">It cannot be made with these settings.</exception>
    internal IClusterProvider Provider => _provider.Value;

    /// <summary>The same for a head that it launches. Of hosts it knows the head's alone: whatever becomes of the others, the head can be found and ended.</summary>
    /// <exception cref="ProviderException">It cannot be made with these settings.</exception>
    internal IClusterProvider HeadProvider => Configuration.ProviderType == ProviderCatalog.Ssh ? _headProvider.Value : Provider;

    internal IHeadHost Head => _head.Value;

    /// <summary>Reads a cluster file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <exception cref="LaunchException">The file cannot be read, or is wrong; the message has all that is.</exception>
    public static ClusterSite Open(string file, Action<string> log) => new(ClusterFile.Load(file), System.IO.Path.GetFullPath(file), log);

    /// <summary>The same with another way to the head's machine; it is disposed here.</summary>
    internal static ClusterSite Open(string file, IHeadHost head, Action<string> log) => new(ClusterFile.Load(file), System.IO.Path.GetFullPath(file), log, head);

    public async ValueTask DisposeAsync()
    {
        if (_provider.IsValueCreated)
        {
            await _provider.Value.DisposeAsync().ConfigureAwait(false);
        }

        if (_headProvider.IsValueCreated)
        {
            await _headProvider.Value.DisposeAsync().ConfigureAwait(false);
        }

        if (_head.IsValueCreated)
        {
            await _head.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Before anything is done where the head is: its processes cannot be seen, or ended, from another machine that has the same home.</summary>
    /// <exception cref="LaunchException">The head runs on another machine, which has to be logged in to.</exception>
    internal void RequireHeadMachine()
    {
        if (!Head.IsThisMachine || Configuration.Head.IsJob)
        {
            return;
        }

        var folder = new ClusterFolder(HomePath.Expand(ClusterFolder.UsualOf(Configuration.ClusterName)));
        if (HeadMachine.Other(folder) is { } machine)
        {
            throw new LaunchException(
                ExitCodes.Usage,
                $"the head of cluster {Configuration.ClusterName} runs on {machine}: run this there. If there is no {machine} any more, remove {folder.MachineFile} first.");
        }
    }

    /// <summary>The cluster's folder on its head: an absolute path.</summary>
    /// <exception cref="ProviderException">The head's host could not be reached.</exception>
    internal async Task<ClusterFolder> FolderAsync(CancellationToken cancellation) =>
        _folder ??= new ClusterFolder(await AbsoluteAsync(ClusterFolder.UsualOf(Configuration.ClusterName), cancellation).ConfigureAwait(false));

    /// <summary>The scheduler file on the head: an absolute path there.</summary>
    internal Task<string> SchedulerFileAsync(CancellationToken cancellation) => SchedulerFileAsync(Configuration, cancellation);

    /// <summary>The same of another file of this cluster.</summary>
    internal async Task<string> SchedulerFileAsync(ClusterConfiguration configuration, CancellationToken cancellation) =>
        configuration.SchedulerFile is { } named
            ? await AbsoluteAsync(named, cancellation).ConfigureAwait(false)
            : (await FolderAsync(cancellation).ConfigureAwait(false)).SchedulerFile;

    /// <summary>The scheduler file, for people: with the head's name when it is not on this machine.</summary>
    /// <exception cref="ProviderException">The head's host could not be reached.</exception>
    public async Task<string> SchedulerFileTextAsync(CancellationToken cancellation)
    {
        var path = await SchedulerFileAsync(cancellation).ConfigureAwait(false);
        return Head.IsThisMachine ? path : $"{Head.Name}:{path}";
    }

    /// <summary>A path on the head that may begin with <c>~/</c>, as an absolute one.</summary>
    /// <exception cref="ProviderException">The head's host could not be reached.</exception>
    internal async Task<string> AbsoluteAsync(string path, CancellationToken cancellation)
    {
        if (!path.StartsWith("~/", StringComparison.Ordinal))
        {
            return path;
        }

        if (Head.IsThisMachine)
        {
            return HomePath.Expand(path);
        }

        var home = await Head.RunAsync("printf %s \"$HOME\"", null, cancellation).ConfigureAwait(false);
        return home.IsOk && home.Output.StartsWith('/')
            ? $"{home.Output.TrimEnd('/')}{path[1..]}"
            : throw new ProviderException(FailureKind.Permanent, $"{Head.Name} does not say where its home is: {home.Complaint}");
    }

    private IClusterProvider OfHeadAlone()
    {
        // What there is to say of the settings is said once, by the whole.
        _ = Provider;
        var alone = Configuration with { Provider = Configuration.Provider.With(SshKeys.WorkerIps, Array.Empty<string>()) };
        return ProviderCatalog.Create(alone, alone.SettingsFor(ClusterFolder.UsualOf(alone.ClusterName), static _ => { }));
    }
}
