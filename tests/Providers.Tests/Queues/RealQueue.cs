using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Queues;

/// <summary>
/// A batch system on this machine, as an ordinary user of it, with a folder of his own, has it: batch systems refuse root, who alone may set them up. The provider runs as root, its commands as
/// that user.
/// </summary>
internal abstract class RealQueue : IAsyncDisposable
{
    private const string User = "hpc";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>By system: set up once for all tests.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<Task>> SetUps = new();

    private readonly List<IClusterProvider> _providers = [];

    /// <summary>Where the user may read and write, and this test only.</summary>
    public string Folder { get; private set; } = "";

    public string Cluster { get; } = $"t{Guid.NewGuid():N}"[..9];

    /// <summary>The scripts that were submitted.</summary>
    public ConcurrentQueue<string> Submissions { get; } = new();

    /// <summary>The environment of the commands, beside the user's own.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Sees every command and its answer; may throw in place of the answer.</summary>
    public Action<string, CommandResult> OnAnswer { get; set; } = static (_, _) => { };

    /// <summary>The program that submits.</summary>
    public abstract string Submit { get; }

    /// <summary>Settings that keep jobs waiting for good.</summary>
    public abstract IReadOnlyDictionary<string, object> Held { get; }

    /// <summary>What the system says of such jobs.</summary>
    public abstract string HeldReason { get; }

    /// <summary>The key for what a queue is called.</summary>
    public abstract string QueueKey { get; }

    /// <summary>The key for how long a node may run.</summary>
    public abstract string WalltimeKey { get; }

    protected abstract string System { get; }

    /// <summary>As the provider runs its programs.</summary>
    private protected abstract RunProgram Run { get; }

    public async Task StartAsync()
    {
        await SetUps.GetOrAdd(System, static system => new Lazy<Task>(() => SetUpAsync(system))).Value;
        var made = await RunAsUserAsync("mktemp", ["-d", $"/home/{User}/weft-XXXXXX"], null, CancellationToken.None);
        Folder = made.Output.Trim();
        await RunAsUserAsync("mkdir", [$"{Folder}/logs"], null, CancellationToken.None);
    }

    /// <summary>A folder of the user's in <see cref="Folder"/>.</summary>
    public async Task<string> MakeFolderAsync(string name)
    {
        await RunAsUserAsync("mkdir", ["-p", $"{Folder}/{name}"], null, CancellationToken.None);
        return $"{Folder}/{name}";
    }

    /// <summary>Another provider for the same cluster, as another process would have it.</summary>
    public IClusterProvider Open(IReadOnlyDictionary<string, object>? settings = null, string? cluster = null)
    {
        var provider = new QueueProvider(Open(new ClusterSettings
        {
            ClusterName = cluster ?? Cluster,
            Folder = Folder,
            Provider = settings is null ? Settings.None : new Settings(settings),
        }));
        _providers.Add(provider);
        return provider;
    }

    /// <summary>Waits until the list of nodes is as it should be, and gives it.</summary>
    public static async Task<IReadOnlyList<ClusterNode>> UntilAsync(IClusterProvider provider, string what, Func<IReadOnlyList<ClusterNode>, bool> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var nodes = await provider.ListAsync(TestContext.Current.CancellationToken);
            if (holds(nodes))
            {
                return nodes;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"Within {Patience.TotalSeconds} s it did not come about that {what}; there are {string.Join(", ", nodes)}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Environment.Clear();
        OnAnswer = static (_, _) => { };
        foreach (var cluster in new[] { Cluster, $"{Cluster}-2" })
        {
            var provider = Open(cluster: cluster);
            await provider.TerminateAsync((await provider.ListAsync(CancellationToken.None)).Select(static node => node.Id).ToList(), CancellationToken.None);
            await UntilAsync(provider, "nothing is left", static nodes => nodes.All(static node => node.State is NodeState.Ended or NodeState.Failed));
        }

        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    protected abstract IQueue Open(ClusterSettings settings);

    protected async Task<CommandResult> RunAsUserAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellation)
    {
        if (program == Submit && input is not null)
        {
            Submissions.Enqueue(input);

            // What the provider has written for the user alone.
            foreach (var scripts in Directory.EnumerateDirectories(Folder, "scripts*", SearchOption.AllDirectories))
            {
                await ExternalCommand.RunAsync("chown", ["-R", User, scripts], null, cancellation);
            }
        }

        List<string> asUser = ["-u", User, "--", "env", "-C", "/", $"HOME=/home/{User}", $"USER={User}", $"LOGNAME={User}", .. Environment.Select(static pair => $"{pair.Key}={pair.Value}"), program, .. arguments];
        var answer = await Run("runuser", asUser, input, cancellation);
        OnAnswer(program, answer);
        return answer;
    }

    private static async Task SetUpAsync(string system)
    {
        var systems = typeof(RealQueue).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static metadata => metadata.Key == "SystemsFolder").Value!;
        var answer = await ExternalCommand.RunAsync("/bin/sh", [Path.Combine(systems, system, "setup.sh")], null, TimeSpan.FromMinutes(4), CancellationToken.None);
        Assert.True(answer.IsOk, $"{system}/setup.sh: {answer.Complaint}");
    }
}
