using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

/// <summary>A real sshd on a loopback port, with a host key of its own and one key that lets in to all users that are 'hosts'. Needs root.</summary>
public sealed class SshServer : IAsyncLifetime
{
    public static readonly IReadOnlyList<string> Users = ["weft-a", "weft-b", "weft-c"];

    private Process? _server;

    public string Folder { get; } = Directory.CreateTempSubdirectory("weft-sshd-").FullName;

    public int Port { get; } = FreePort();

    public string PrivateKey => Path.Combine(Folder, "key");

    public string KnownHosts => Path.Combine(Folder, "known_hosts");

    public string Log => Path.Combine(Folder, "log");

    public async ValueTask InitializeAsync()
    {
        await RunAsync("/bin/sh", Path.Combine(SystemsFolder, "sshd", "setup.sh"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(Folder, "host"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", PrivateKey);
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(Folder, "stranger"));
        // Users read the list of who may log in; the folder is world-writable further up, which sshd would not take.
        await RunAsync("chmod", "755", Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "config"), string.Create(CultureInfo.InvariantCulture, $"""
            ListenAddress 127.0.0.1:{Port}
            HostKey {Folder}/host
            AuthorizedKeysFile {Folder}/key.pub
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication yes
            AllowUsers {string.Join(' ', Users)} root
            PermitRootLogin prohibit-password
            MaxStartups 100

            """));
        _server = Process.Start("/usr/sbin/sshd", ["-D", "-f", Path.Combine(Folder, "config"), "-E", Log]);
        await Wait.UntilAsync("sshd listens", () => IsListeningAsync("127.0.0.1", Port, _server));
    }

    public string HostOf(string user) => string.Create(CultureInfo.InvariantCulture, $"{user}@127.0.0.1:{Port}");

    /// <summary>Settings of a cluster whose head is weft-a and whose workers are the given hosts.</summary>
    internal ClusterSettings Settings(string cluster, IReadOnlyList<string> workers, params (string Key, object Value)[] more)
    {
        var values = new Dictionary<string, object>
        {
            [SshKeys.HeadIp] = HostOf("weft-a"),
            [SshKeys.WorkerIps] = workers,
            [SshKeys.KnownHosts] = KnownHosts,
            [SshKeys.ConnectTimeout] = TimeSpan.FromSeconds(2),
        };
        foreach (var (key, value) in more)
        {
            values[key] = value;
        }

        return new ClusterSettings
        {
            ClusterName = cluster,
            Provider = new Settings(values),
            Login = new ClusterLogin { PrivateKey = PrivateKey },
            Folder = $"~/.weft/clusters/{cluster}",
        };
    }

    public static string NewClusterName() => $"test-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    internal static string SystemsFolder { get; } =
        typeof(SshServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static attribute => attribute.Key == "SystemsFolder").Value!;

    internal static async Task RunAsync(string program, params string[] arguments)
    {
        var result = await ExternalCommand.RunAsync(program, arguments, input: null, TimeSpan.FromMinutes(4), CancellationToken.None);
        Assert.True(result.IsOk, $"{program} {string.Join(' ', arguments)}: {result.Complaint}");
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal static async Task<bool> IsListeningAsync(string address, int port, Process server)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, port);
            return true;
        }
        catch (SocketException)
        {
            Assert.False(server.HasExited, "sshd has ended");
            return false;
        }
    }
}
