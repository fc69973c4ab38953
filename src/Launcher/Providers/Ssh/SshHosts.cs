using System.Globalization;
using System.Security.Cryptography;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Hosts that are logged in to in the same way, each with its connection.</summary>
internal sealed class SshHosts : IAsyncDisposable
{
    /// <summary>Hosts that are spoken to at a time.</summary>
    public const int ParallelMax = 32;

    /// <summary>Made when the first connection is: nobody need be asked for hosts to be described.</summary>
    private readonly Lazy<string?> _socketFolder = new(MakeSocketFolder);

    private int _sockets;

    public SshHosts(SshSettings settings, IEnumerable<SshTarget> targets, TimeProvider time)
    {
        All = [.. targets.Select(settings.Complete).Distinct().Select(target => new SshHost(target, settings, NewSocket, time))];
    }

    /// <summary>Each host once, in the order in which they were given.</summary>
    public IReadOnlyList<SshHost> All { get; }

    /// <summary>Asks many hosts at a time.</summary>
    /// <returns>One answer for each, in their order.</returns>
    public static async Task<IReadOnlyList<HostAnswer<T>>> AskAsync<T>(IReadOnlyList<SshHost> hosts, Func<SshHost, CancellationToken, Task<T>> ask, CancellationToken cancellation)
        where T : class
    {
        var answers = new HostAnswer<T>[hosts.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelMax, CancellationToken = cancellation };
        await Parallel.ForAsync(0, hosts.Count, options, async (index, ending) =>
        {
            try
            {
                answers[index] = new(hosts[index], await ask(hosts[index], ending).ConfigureAwait(false), Failure: null);
            }
            catch (ProviderException failure)
            {
                answers[index] = new(hosts[index], Value: null, failure);
            }
        }).ConfigureAwait(false);
        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in All)
        {
            await host.DisposeAsync().ConfigureAwait(false);
        }

        if (_socketFolder is { IsValueCreated: true, Value: { } folder } && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Directly under /tmp, wherever temporary files go otherwise: the path of a socket has 107 bytes at most, of which <c>ssh</c> takes 18 for a name of its own while it makes one.
    /// </summary>
    private static string? MakeSocketFolder() =>
        OperatingSystem.IsWindows() ? null
            : Directory.CreateDirectory($"/tmp/weft-{RandomNumberGenerator.GetHexString(16, lowercase: true)}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    /// <summary>A name of its own for each connection: one that was killed leaves its socket behind, and another does not replace it.</summary>
    private string? NewSocket() =>
        _socketFolder.Value is not { } folder ? null : Path.Combine(folder, Interlocked.Increment(ref _sockets).ToString(CultureInfo.InvariantCulture));
}
