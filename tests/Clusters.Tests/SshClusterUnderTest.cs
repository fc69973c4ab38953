using System.Diagnostics;
using Weft.Providers.Tests.Ssh;

namespace Weft.Clusters.Tests;

/// <summary>Nodes on 'hosts' that are users of this machine, with homes of their own, behind a real sshd. The head is one of them, and this side reaches it by SSH only.</summary>
internal sealed class SshClusterUnderTest(SshServer server, TemporaryFolder folder) : ClusterUnderTest(folder.Path)
{
    public string PrivateKey { get; init; } = server.PrivateKey;

    public IReadOnlyList<string> Workers { get; init; } = [server.HostOf("weft-b"), server.HostOf("weft-c")];

    protected override string Provider =>
        $$"""
        provider:
          type: ssh
          head_ip: {{server.HostOf("weft-a")}}
          worker_ips: [{{string.Join(", ", Workers.Select(static host => $"'{host}'"))}}]
          nodes_per_host: 2
          known_hosts: /dev/null
        auth: {ssh_private_key: {{PrivateKey}}}
        """;

    public override ProcessStartInfo Command(IReadOnlyList<string> arguments) => new(Path.Combine(RealProcesses.ProgramFolder, "weft"), arguments);

    /// <summary>The cluster file is enough: the scheduler's is on another host.</summary>
    public override Task<ReachedCluster> ReachAsync() => Task.FromResult(new ReachedCluster(File));

    public override Task<string> LeftInSystemAsync() => Task.FromResult(
        string.Join('\n', SshServer.Users.Select(user => $"/home/{user}/.weft/clusters/{Name}").Where(Directory.Exists)));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}
