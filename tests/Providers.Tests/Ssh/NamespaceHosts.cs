using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

/// <summary>
/// Hosts that are nearly as apart as machines: each is a network namespace with an address of its own, in which an sshd runs with processes and homes of its own. The user has the same name on all.
/// On the last one all programs, the shell too, are those of busybox, as on small systems. Needs root, and a kernel that lets it make namespaces: without, the tests fail with what the kernel says.
/// </summary>
public sealed class NamespaceHosts : IAsyncLifetime
{
    private const int Count = 3;
    private const string User = "weft-a";

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-hosts-").FullName;
    private readonly string _tag = RandomNumberGenerator.GetHexString(4, lowercase: true);
    private readonly int _network = RandomNumberGenerator.GetInt32(1, 255);
    private readonly List<Process> _servers = [];

    public async ValueTask InitializeAsync()
    {
        await SshServer.RunAsync("/bin/sh", Path.Combine(SshServer.SystemsFolder, "sshd", "setup.sh"));
        await SshServer.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_folder, "key"));
        await SshServer.RunAsync("chmod", "755", _folder);
        for (var host = 1; host <= Count; host++)
        {
            await StartHostAsync(host);
        }
    }

    public string AddressOf(int host) => string.Create(CultureInfo.InvariantCulture, $"10.213.{_network}.{(4 * host) + 2}");

    /// <summary>Pulls the plug of a host, or puts it back.</summary>
    internal Task PlugAsync(int host, bool isIn) => SshServer.RunAsync("ip", "link", "set", Cable(host), isIn ? "up" : "down");

    /// <summary>A cluster with its head on the first host.</summary>
    internal ClusterSettings Settings(string cluster) => new()
    {
        ClusterName = cluster,
        Folder = $"~/.weft/clusters/{cluster}",
        Login = new ClusterLogin { User = User, PrivateKey = Path.Combine(_folder, "key") },
        Provider = new Settings(new Dictionary<string, object>
        {
            [SshKeys.HeadIp] = AddressOf(1),
            [SshKeys.WorkerIps] = (string[])[AddressOf(2), AddressOf(3)],
            [SshKeys.KnownHosts] = Path.Combine(_folder, "known_hosts"),
            [SshKeys.ConnectTimeout] = TimeSpan.FromSeconds(1),
            [SshKeys.Options] = (string[])["ServerAliveInterval=1"],
        }),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            // The first process of the namespace ends with it, and all others with that.
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        for (var host = 1; host <= _servers.Count; host++)
        {
            await SshServer.RunAsync("ip", "netns", "del", Name(host));
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Name(int host) => string.Create(CultureInfo.InvariantCulture, $"weft-{_tag}-{host}");

    /// <summary>The end of the cable on this side.</summary>
    private string Cable(int host) => string.Create(CultureInfo.InvariantCulture, $"wv{_tag}{host}");

    private async Task StartHostAsync(int host)
    {
        var (name, near, far) = (Name(host), Cable(host), $"wf{_tag}{host}");
        var gate = string.Create(CultureInfo.InvariantCulture, $"10.213.{_network}.{(4 * host) + 1}/30");
        await SshServer.RunAsync("ip", "netns", "add", name);
        await SshServer.RunAsync("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
        await SshServer.RunAsync("ip", "address", "add", gate, "dev", near);
        await SshServer.RunAsync("ip", "link", "set", near, "up");
        await SshServer.RunAsync("ip", "-n", name, "address", "add", $"{AddressOf(host)}/30", "dev", far);
        await SshServer.RunAsync("ip", "-n", name, "link", "set", far, "up");
        await SshServer.RunAsync("ip", "-n", name, "link", "set", "lo", "up");

        var (own, home) = (Path.Combine(_folder, name), Path.Combine(_folder, name, "home"));
        Directory.CreateDirectory(home);
        await SshServer.RunAsync("chown", User, home);
        await SshServer.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(own, "host"));
        // Its /bin/sh is dash by another name.
        var small = host < Count ? "" : $"mkdir {own}/programs && /bin/busybox --install -s {own}/programs && mount --bind /bin/busybox /usr/bin/dash &&";
        await File.WriteAllTextAsync(Path.Combine(own, "config"),
            $"SetEnv PATH={(host < Count ? "" : $"{own}/programs:")}/usr/bin\nListenAddress {AddressOf(host)}\nHostKey {own}/host\nAuthorizedKeysFile {_folder}/key.pub\nPidFile none\nStrictModes no\nUsePAM no\nAllowUsers {User}\n");
        _servers.Add(Process.Start("ip",
        [
            "netns", "exec", name, "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "/bin/sh", "-c",
            $"mount --bind {home} /home/{User} && {small} exec /usr/sbin/sshd -D -f {own}/config -E {own}/log",
        ]));
        await Wait.UntilAsync($"the sshd of host {host} listens", () => SshServer.IsListeningAsync(AddressOf(host), 22, _servers[^1]));
    }
}
