using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Weft.Launcher;
using Weft.Providers.Tests.Heads;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

[UnsupportedOSPlatform("windows")]
[Trait("Category", "System")]
public sealed class SshProviderTests(SshServer server) : IClassFixture<SshServer>, IAsyncLifetime
{
    private const string Sleeps = "echo begins as $WEFT_NODE of $WEFT_CLUSTER, type $WEFT_NODE_TYPE\nexec sleep 600\n";

    private readonly string _cluster = SshServer.NewClusterName();
    private readonly HashSet<string> _clusters = [];
    private readonly List<SshProvider> _providers = [];
    private readonly List<string> _folders = [];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters.ToList())
        {
            await Provider(SshServer.Users, cluster).TerminateAsync([.. from type in (string[])["head", "cpu"] from number in Enumerable.Range(1, 6) select new NodeId(type, number)], CancellationToken.None);
            Assert.Empty(NodeProcesses.Of(cluster));
        }

        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        foreach (var folder in _folders)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Three_nodes_run_on_three_hosts_are_listed_write_logs_and_one_is_ended()
    {
        var provider = Provider(SshServer.Users);
        await provider.CheckAsync(Ending);
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 3, Sleeps), Ending));

        var nodes = await provider.ListAsync(Ending);
        Assert.Equal(["cpu-1 Running", "cpu-2 Running", "cpu-3 Running"], nodes.Select(static node => $"{node.Id} {node.State}"));
        Assert.Equal(3, nodes.Select(static node => node.SystemName[node.SystemName.IndexOf("on ", StringComparison.Ordinal)..]).Distinct().Count());
        await Wait.UntilAsync("the node has written", async () => (await provider.ReadLogAsync(Cpu(2), 10, Ending)).Count > 0);
        Assert.Equal([$"begins as cpu-2 of {_cluster}, type cpu"], await provider.ReadLogAsync(Cpu(2), 10, Ending));

        await provider.TerminateAsync([Cpu(2)], Ending);
        Assert.Equal(["cpu-1 Running", "cpu-2 Ended", "cpu-3 Running"], await StatesAsync(provider));
        // Its number may be given again, and nothing of its first life counts for the second.
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 2, 1, Sleeps), Ending));
        Assert.Equal(["cpu-1 Running", "cpu-2 Running", "cpu-3 Running"], await StatesAsync(provider));
    }

    [Fact]
    public async Task The_head_runs_on_its_host_and_takes_no_workers_place()
    {
        var provider = Provider(["weft-a"]);
        Assert.Empty(await provider.LaunchAsync(Request("head", 1, 1, Sleeps), Ending));
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 1, Sleeps), Ending));
        Assert.Equal(["cpu-1 Running", "head-1 Running"], await StatesAsync(provider));
        Assert.Equal(FailureKind.Capacity, Assert.Single(await provider.LaunchAsync(Request("head", 2, 1, Sleeps), Ending)).Kind);
    }

    [Fact]
    public async Task The_same_launch_again_starts_nothing_and_overlapping_launches_share_the_hosts()
    {
        var provider = Provider(["weft-b", "weft-c"], (SshKeys.NodesPerHost, 2));
        var both = await Task.WhenAll(provider.LaunchAsync(Request("cpu", 1, 1, Sleeps), Ending), provider.LaunchAsync(Request("cpu", 2, 3, Sleeps), Ending));
        Assert.All(both, Assert.Empty);
        var before = NodeProcesses.Of(_cluster).Order();
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 4, Sleeps), Ending));
        Assert.Equal(before, NodeProcesses.Of(_cluster).Order());
        Assert.Equal(2, (await provider.ListAsync(Ending)).GroupBy(static node => node.SystemName.Split(' ')[^1]).Count(static host => host.Count() == 2));

        var failure = Assert.Single(await provider.LaunchAsync(Request("cpu", 5, 1, Sleeps), Ending));
        Assert.Equal(FailureKind.Capacity, failure.Kind);
        Assert.Contains("no host is free", failure.Message);
    }

    [Fact]
    public async Task A_script_that_ends_at_once_is_a_failed_node_with_its_code_and_last_words()
    {
        var provider = Provider(["weft-b", "weft-c"]);
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 1, "echo first\necho 'weft: not \"found\"\t$HOME' >&2\nexit 3"), Ending));
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 2, 1, "exit 0"), Ending));
        await Wait.UntilAsync("both are over", async () => (await provider.ListAsync(Ending)).All(static node => node.State >= NodeState.Ended));

        var nodes = await provider.ListAsync(Ending);
        Assert.Equal([("cpu-1", NodeState.Failed, "exit code 3: weft: not \"found\" $HOME"), ("cpu-2", NodeState.Ended, null)], nodes.Select(static node => (node.Id.ToString(), node.State, node.Detail)));
        Assert.Equal(["first", "weft: not \"found\"\t$HOME"], await provider.ReadLogAsync(Cpu(1), 10, Ending));
        // A place that is free again, for the same number too.
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 1, Sleeps), Ending));
        Assert.Equal(NodeState.Running, (await provider.ListAsync(Ending))[0].State);
    }

    [Fact]
    public async Task Processes_that_leave_their_group_and_ignore_SIGTERM_end_with_the_node_and_others_do_not()
    {
        var stranger = SshServer.NewClusterName();
        var provider = Provider(["weft-b"]);
        var other = Provider(["weft-b"], stranger);
        Assert.Empty(await other.LaunchAsync(Request("cpu", 1, 1, Sleeps), Ending));
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 1, "trap '' TERM\nsetsid sleep 601 &\nsleep 602\n"), Ending));
        await Wait.UntilAsync("both sleep", () => Task.FromResult(NodeProcesses.Of(_cluster).Intersect(NodeProcesses.WithArgument("sleep\060")).Count() == 2));

        await provider.TerminateAsync([Cpu(1)], Ending);
        Assert.Empty(NodeProcesses.Of(_cluster));
        Assert.NotEmpty(NodeProcesses.Of(stranger));
        Assert.Equal(["cpu-1 Ended"], await StatesAsync(provider));
        Assert.Equal(["cpu-1 Running"], await StatesAsync(other));
    }

    [Fact]
    public async Task What_a_script_leaves_behind_ends_with_it()
    {
        var provider = Provider(["weft-b"]);
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 1, "trap '' TERM\nsetsid sleep 603 &\nexit 0\n"), Ending));
        await Wait.UntilAsync("nothing is left", async () => NodeProcesses.Of(_cluster).Count == 0 && (await StatesAsync(provider)).SequenceEqual(["cpu-1 Ended"]));
    }

    [Fact]
    public async Task A_node_that_was_killed_with_all_its_processes_has_failed()
    {
        var provider = Provider(["weft-b"]);
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 1, Sleeps), Ending));
        foreach (var id in NodeProcesses.Of(_cluster))
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }

        await Wait.UntilAsync("they are gone", () => Task.FromResult(NodeProcesses.Of(_cluster).Count == 0));
        var node = Assert.Single(await provider.ListAsync(Ending));
        Assert.Equal(NodeState.Failed, node.State);
        Assert.Contains("gone", node.Detail);
    }

    [Fact]
    public async Task A_node_that_a_stranger_has_asked_to_end_has_failed_with_its_code()
    {
        var provider = Provider(["weft-b"]);
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 1, Sleeps), Ending));
        await Wait.UntilAsync("it sleeps", () => Task.FromResult(NodeProcesses.Of(_cluster).Intersect(NodeProcesses.WithArgument("sleep\0600")).Any()));
        await SshServer.RunAsync("/bin/kill", [.. NodeProcesses.Of(_cluster).Select(static id => id.ToString(CultureInfo.InvariantCulture))]);
        await Wait.UntilAsync("it is over", async () => (await StatesAsync(provider)).SequenceEqual(["cpu-1 Failed"]));
        Assert.StartsWith("exit code 143", Assert.Single(await provider.ListAsync(Ending)).Detail);
    }

    [Fact]
    public async Task A_node_that_another_launcher_has_just_started_is_not_started_again()
    {
        var settings = server.Settings(_cluster, [server.HostOf("weft-b")]);
        Assert.Empty(await Provider(settings).LaunchAsync(Request("cpu", 1, 1, Sleeps), Ending));
        var places = SshPlaces.Of(settings);
        await using var hosts = new SshHosts(places.Login, places.Workers, TimeProvider.System);
        var again = await hosts.All[0].RunAsync(NodeScripts.Launch(_cluster, settings.Folder, Cpu(1)), Sleeps, TimeSpan.FromSeconds(30), Ending);
        Assert.Equal((0, "there\n"), (again.ExitCode, again.Output));
    }

    [Fact]
    public async Task Another_launcher_finds_and_ends_what_the_first_has_left()
    {
        await using (var killed = Provider(SshServer.Users))
        {
            Assert.Empty(await killed.LaunchAsync(Request("cpu", 1, 3, Sleeps), Ending));
        }

        var provider = Provider(SshServer.Users);
        Assert.Equal(["cpu-1 Running", "cpu-2 Running", "cpu-3 Running"], await StatesAsync(provider));
        await provider.TerminateAsync([.. (await provider.ListAsync(Ending)).Select(static node => node.Id)], Ending);
        Assert.Empty(NodeProcesses.Of(_cluster));
    }

    [Fact]
    public async Task The_processes_of_other_users_are_not_touched()
    {
        // Root could read their environment and end them.
        var provider = Provider(server.Settings(_cluster, [server.HostOf("root")], (SshKeys.HeadIp, server.HostOf("root"))) with { Folder = Path.Combine(server.Folder, _cluster) });
        using var other = Process.Start(new ProcessStartInfo("/bin/su", ["weft-c", "-s", "/bin/sh", "-c", $"WEFT_CLUSTER={_cluster} WEFT_NODE=cpu-1 exec sleep 604"]))!;
        await Wait.UntilAsync("it sleeps", () => Task.FromResult(NodeProcesses.Of(_cluster).Count == 1));
        Assert.Empty(await StatesAsync(provider));
        await provider.TerminateAsync([Cpu(1)], Ending);
        Assert.Single(NodeProcesses.Of(_cluster));
        other.Kill(entireProcessTree: true);
        await other.WaitForExitAsync(Ending);
    }

    [Fact]
    public async Task Files_and_folders_are_brought_first_without_what_is_excluded()
    {
        var folder = Directory.CreateTempSubdirectory("weft files ").FullName;
        _folders.Add(folder);
        Directory.CreateDirectory(Path.Combine(folder, "in", "bin"));
        await File.WriteAllTextAsync(Path.Combine(folder, "in", "data"), "brought");
        await File.WriteAllTextAsync(Path.Combine(folder, "in", "notes.tmp"), "not wanted");
        await File.WriteAllTextAsync(Path.Combine(folder, "in", "bin", "ignored"), "not wanted");
        await File.WriteAllTextAsync(Path.Combine(folder, "in", "bin", ".rules"), "ignored\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "one"), "a file alone");
        var provider = Provider(["weft-b"]);
        var request = Request("cpu", 1, 1, $"cd ~/'.weft/clusters/{_cluster}/brought here' && find . -type f | sort && cat data && cat \"$HOME/.weft/clusters/{_cluster}/one\" && exit 1\n") with
        {
            Files =
            [
                new NodeFile(Path.Combine(folder, "in"), $"~/.weft/clusters/{_cluster}/brought here") { Exclude = ["*.tmp"], Filter = [".rules"] },
                new NodeFile(Path.Combine(folder, "one"), $"/home/weft-b/.weft/clusters/{_cluster}/one"),
            ],
        };
        Assert.Empty(await provider.LaunchAsync(request, Ending));
        await Wait.UntilAsync("it has ended", async () => (await StatesAsync(provider)).SequenceEqual(["cpu-1 Failed"]));
        Assert.Equal(["./bin/.rules", "./data", "broughta file alone"], await provider.ReadLogAsync(Cpu(1), 10, Ending));

        var missing = Assert.Single(await provider.LaunchAsync(request with { First = 2, Files = [new NodeFile("/no/such", "~/x")] }, Ending));
        Assert.Equal((FailureKind.Permanent, "there is no file or folder '/no/such' to copy"), (missing.Kind, missing.Message));
    }

    [Fact]
    public async Task A_host_whose_files_are_long_in_coming_keeps_no_other_waiting_for_its_nodes()
    {
        RsyncThatTells.Use();
        var folder = Directory.CreateTempSubdirectory("weft-files-").FullName;
        _folders.Add(folder);
        var file = Path.Combine(folder, RsyncThatTells.Held);
        await File.WriteAllTextAsync(file, "brought", Ending);
        await File.WriteAllTextAsync(RsyncThatTells.Barrier, "", Ending);
        var provider = Provider(["weft-b", "weft-c"]);

        var launch = provider.LaunchAsync(Request("cpu", 1, 2, Sleeps) with { Files = [new NodeFile(file, $"~/.weft/clusters/{_cluster}/brought")] }, Ending);
        await Wait.UntilAsync("the first runs", async () => (await StatesAsync(provider)).SequenceEqual(["cpu-1 Running"]));
        Assert.False(launch.IsCompleted);
        File.Delete(RsyncThatTells.Barrier);

        Assert.Empty(await launch);
        Assert.Equal(["cpu-1 Running", "cpu-2 Running"], await StatesAsync(provider));
    }

    [Fact]
    public async Task A_wrong_key_is_told_in_the_words_of_ssh_and_asks_nobody_for_a_password()
    {
        var settings = server.Settings(_cluster, [server.HostOf("weft-b")]) with { Login = new ClusterLogin { PrivateKey = Path.Combine(server.Folder, "stranger") } };
        var provider = Provider(settings);
        var began = Stopwatch.GetTimestamp();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => provider.CheckAsync(Ending));
        Assert.Equal(FailureKind.Permanent, failure.Kind);
        Assert.StartsWith("2 of 2 hosts cannot be used: weft-a@127.0.0.1:", failure.Message);
        Assert.Contains("Permission denied (publickey", failure.Message);
        Assert.Equal(FailureKind.Permanent, Assert.Single(await provider.LaunchAsync(Request("cpu", 1, 1, Sleeps), Ending)).Kind);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_changed_host_key_is_refused()
    {
        var known = Path.Combine(server.Folder, $"known-{_cluster}");
        var stranger = (await File.ReadAllTextAsync(Path.Combine(server.Folder, "stranger.pub"), Ending)).Split(' ');
        await File.WriteAllTextAsync(known, $"[127.0.0.1]:{server.Port} {stranger[0]} {stranger[1]}\n", Ending);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Provider(["weft-b"], (SshKeys.KnownHosts, known)).CheckAsync(Ending));
        Assert.Equal(FailureKind.Permanent, failure.Kind);
        Assert.Contains("IDENTIFICATION HAS CHANGED", failure.Message);
        Assert.DoesNotContain("\n", failure.Message);
        Assert.DoesNotContain("@@@", failure.Message);
    }

    [Fact]
    public async Task Hosts_that_cannot_be_reached_fail_their_own_nodes_and_no_others()
    {
        // One that refuses, and one that does not answer (RFC 5737).
        string[] dead = [$"weft-b@127.0.0.1:{SshServer.FreePort()}", "weft-b@192.0.2.1"];
        var provider = Provider(server.Settings(_cluster, [dead[0], server.HostOf("weft-b"), dead[1]]));
        var check = await Assert.ThrowsAsync<ProviderException>(() => provider.CheckAsync(Ending));
        Assert.Equal(FailureKind.Transient, check.Kind);
        Assert.StartsWith("2 of 4 hosts cannot be used: ", check.Message);
        Assert.Contains("Connection refused", check.Message);
        Assert.Contains("192.0.2.1", check.Message);

        var failures = await provider.LaunchAsync(Request("cpu", 1, 3, Sleeps), Ending);
        Assert.Equal(["cpu-2 Transient", "cpu-3 Transient"], failures.Select(static failure => $"{failure.Node} {failure.Kind}"));
        Assert.Contains("Connection refused", failures[0].Message);
        Assert.Contains("192.0.2.1", failures[1].Message);

        var list = await Assert.ThrowsAsync<ProviderException>(() => provider.ListAsync(Ending));
        Assert.StartsWith("2 of 4 hosts do not answer: ", list.Message);
        var (nodes, silent) = await provider.ListAnsweringAsync(Ending);
        Assert.Equal("cpu-1", Assert.Single(nodes).Id.ToString());
        Assert.Equal(dead, silent.Select(static host => host.Name));
        Assert.All(silent, static host => Assert.StartsWith(host.Name, host.Reason));
        // The node was found on a host that answers; of another it cannot be said where it is.
        await provider.TerminateAsync([Cpu(1)], Ending);
        var end = await Assert.ThrowsAsync<ProviderException>(() => provider.TerminateAsync([Cpu(2)], Ending));
        Assert.StartsWith("cpu-2 may still run on a host that does not answer: ", end.Message);
    }

    [Fact]
    public async Task The_cluster_s_folder_goes_from_all_hosts_but_stays_where_the_head_s_home_is_seen_from_elsewhere()
    {
        // It was the head's host before the file named another.
        await using (var before = Provider(server.Settings(_cluster, [], (SshKeys.HeadIp, server.HostOf("weft-b")))))
        {
            Assert.Empty(await before.LaunchAsync(Request("head", 1, 1, "exit 0"), Ending));
        }

        // The same home by another name of the host.
        var provider = Provider(server.Settings(_cluster, [server.HostOf("weft-b"), server.HostOf("weft-c"), server.HostOf("weft-a").Replace("127.0.0.1", "localhost", StringComparison.Ordinal)]));
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 3, "exit 0"), Ending));
        Assert.Empty(await provider.LaunchAsync(Request("head", 1, 1, Sleeps), Ending));
        await Wait.UntilAsync("the workers are over", async () => (await StatesAsync(provider)).SequenceEqual(["cpu-1 Ended", "cpu-2 Ended", "cpu-3 Ended", "head-1 Running"]));
        Assert.All(SshServer.Users, user => Assert.True(Directory.Exists(FolderOf(user))));

        await provider.CleanUpAsync(Ending);

        Assert.Equal(["weft-a"], SshServer.Users.Where(user => Directory.Exists(FolderOf(user))));
        Assert.Equal(["begins as head-1 of " + _cluster + ", type head"], await provider.ReadLogAsync(new NodeId("head", 1), 10, Ending));
        Assert.Contains("head-1 Running", await StatesAsync(provider));
    }

    [Fact]
    public async Task A_host_that_has_no_folder_of_the_cluster_and_one_that_never_had_a_head_are_cleaned_up_too()
    {
        var provider = Provider(["weft-b"]);
        await provider.CleanUpAsync(Ending);
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 1, "exit 0"), Ending));
        await Wait.UntilAsync("it is over", async () => (await StatesAsync(provider)).SequenceEqual(["cpu-1 Ended"]));

        await provider.CleanUpAsync(Ending);

        Assert.False(Directory.Exists(FolderOf("weft-b")));
    }

    [Fact]
    public async Task No_connection_stays_after_disposal_and_a_broken_one_is_opened_again()
    {
        var provider = Provider(SshServer.Users);
        await provider.ListAsync(Ending);
        var connections = NodeProcesses.WithArgument("ControlMaster=yes").Intersect(NodeProcesses.WithArgument(server.KnownHosts)).ToList();
        Assert.Equal(3, connections.Count);
        foreach (var connection in connections)
        {
            using var process = Process.GetProcessById(connection);
            process.Kill();
            await process.WaitForExitAsync(Ending);
        }

        await provider.ListAsync(Ending);
        var again = NodeProcesses.WithArgument("ControlMaster=yes").Intersect(NodeProcesses.WithArgument(server.KnownHosts)).ToList();
        Assert.Equal(3, again.Count);
        var sockets = NodeProcesses.SocketFolders(again);
        Assert.All(sockets, static folder => Assert.True(Directory.Exists(folder)));
        await provider.DisposeAsync();
        // They were killed, which they may not have noticed yet.
        await Wait.UntilAsync("none is left", () => Task.FromResult(!NodeProcesses.WithArgument("ControlMaster=yes").Intersect(NodeProcesses.WithArgument(server.KnownHosts)).Any()));
        Assert.All(sockets, static folder => Assert.False(Directory.Exists(folder)));
    }

    private string FolderOf(string user) => $"/home/{user}/.weft/clusters/{_cluster}";

    private static NodeId Cpu(int number) => new("cpu", number);

    private static async Task<IEnumerable<string>> StatesAsync(SshProvider provider) => (await provider.ListAsync(Ending)).Select(static node => $"{node.Id} {node.State}");

    private SshProvider Provider(IReadOnlyList<string> users, params (string Key, object Value)[] more) => Provider(server.Settings(_cluster, [.. users.Select(server.HostOf)], more));

    private SshProvider Provider(IReadOnlyList<string> users, string cluster) => Provider(server.Settings(cluster, [.. users.Select(server.HostOf)]));

    private SshProvider Provider(ClusterSettings settings)
    {
        _clusters.Add(settings.ClusterName);
        var provider = new SshProvider(settings, SshPlaces.Of(settings), TimeProvider.System);
        _providers.Add(provider);
        return provider;
    }

    private static LaunchRequest Request(string type, int first, int count, string script) => new()
    {
        Type = type,
        First = first,
        Count = count,
        Script = script,
        Capacity = new NodeCapacity { Slots = 1 },
        NodeSettings = Settings.None,
    };
}
