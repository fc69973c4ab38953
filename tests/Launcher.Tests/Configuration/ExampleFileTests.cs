using System.Diagnostics;

namespace Weft.Launcher.Tests.Configuration;

/// <summary>The files in examples/clusters are right, and their nodes' scripts are shell texts.</summary>
public sealed class ExampleFileTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(WrittenTests.PathOf("examples/clusters"), "*.y*ml").Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_one_for_each_provider() => Assert.Equal(
        [ProviderCatalog.Local, ProviderCatalog.GridEngine, ProviderCatalog.Slurm, ProviderCatalog.Ssh],
        Files.Select(static file => Load(file.Data).ProviderType).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_loads_and_its_scripts_are_shell_texts(string file)
    {
        var cluster = Load(file);
        var paths = new NodePaths("~/.weft/bin/weft", "~/cluster.json", "~/.weft/clusters/x");

        Assert.NotEmpty(cluster.NodeTypes);
        Assert.All(cluster.NodeTypes.Select(type => NodeScript.Worker(cluster, type, paths)).Append(NodeScript.Head(cluster, paths)), static script => Assert.Equal("", Check(script)));
    }

    [Fact]
    public void Ray_s_file_means_here_what_it_means_there()
    {
        var cluster = Load("ssh-ray.yaml");

        var type = Assert.Single(cluster.NodeTypes);
        Assert.Equal((2, 2, true), (type.WorkersMin, type.WorkersMax, type.TakesAllCores));
        Assert.Null(type.Container);
        Assert.Equal("10.0.0.10", cluster.Provider.Text("head_ip"));
        Assert.Equal(["10.0.0.11", "10.0.0.12"], cluster.Provider.TextList("worker_ips"));
        Assert.Equal("ubuntu", cluster.Login.User);
        Assert.Equal(["**/.git", "**/.git/**"], cluster.RsyncExclude);
        Assert.Equal([".gitignore"], cluster.RsyncFilter);
        Assert.Equal(
            [
                "12: provider.type: local with head_ip means hosts by SSH, as in Ray's files; here that is type: ssh.",
                "30: file_mounts_sync_continuously means nothing here: files are copied when a node starts, and to the head by weft up.",
                "47: head_start_ray_commands means nothing here: the scheduler and the workers are started by weft itself.",
                "51: worker_start_ray_commands means nothing here: the scheduler and the workers are started by weft itself.",
            ],
            cluster.Notes.Select(static note => note[(note.IndexOf(".yaml:", StringComparison.Ordinal) + 6)..]));
    }

    [Fact]
    public void Ray_s_file_as_it_is_delivered_is_told_what_to_fill_in()
    {
        var problems = ClusterFile.Parse(
            """
            cluster_name: default
            provider:
                type: local
                head_ip: YOUR_HEAD_NODE_HOSTNAME
                worker_ips: [WORKER_NODE_1_HOSTNAME, WORKER_NODE_2_HOSTNAME, ... ]
                coordinator_address: "<host>:<port>"
            auth:
                ssh_user: YOUR_USERNAME
            max_workers: TYPICALLY_THE_NUMBER_OF_WORKER_IPS
            """,
            "ray.yaml").Problems;

        Assert.Equal(
            [
                "ray.yaml:4:14: provider.head_ip: 'YOUR_HEAD_NODE_HOSTNAME' is still to be filled in.",
                "ray.yaml:5:18: provider.worker_ips: 'WORKER_NODE_1_HOSTNAME' is still to be filled in.",
                "ray.yaml:5:42: provider.worker_ips: 'WORKER_NODE_2_HOSTNAME' is still to be filled in.",
                "ray.yaml:5:66: provider.worker_ips: '...' is still to be filled in.",
                "ray.yaml:6:5: provider.coordinator_address: there is no coordinator server: head_ip and worker_ips name the hosts.",
                "ray.yaml:8:15: auth.ssh_user: 'YOUR_USERNAME' is still to be filled in.",
                "ray.yaml:9:14: max_workers: 'TYPICALLY_THE_NUMBER_OF_WORKER_IPS' is still to be filled in.",
            ],
            problems.Select(static problem => problem.ToString()));
    }

    [Fact]
    public void Hosts_bound_how_many_workers_there_are()
    {
        const string Hosts = "cluster_name: x\nprovider: {type: ssh, head_ip: a, worker_ips: [b, c], nodes_per_host: 2}\n";

        Assert.Equal((4, 4), Bounds(ClusterFileTests.Right(Hosts)));
        Assert.Equal((3, 3), Bounds(ClusterFileTests.Right(Hosts + "max_workers: 3\n")));
        Assert.Equal((0, 3), Bounds(ClusterFileTests.Right(Hosts + "max_workers: 3\nmin_workers: 0\n")));
        var tooMany = ClusterFileTests.Right(Hosts + "max_workers: 5\n");
        Assert.Equal((4, 4), Bounds(tooMany));
        Assert.Equal(["cluster.yaml:3: max_workers: there are hosts for 4."], tooMany.Notes);

        static (int, int) Bounds(ClusterConfiguration cluster) => (cluster.NodeTypes[0].WorkersMin, cluster.NodeTypes[0].WorkersMax);
    }

    [Theory]
    [InlineData("type: ssh, head_ip: h", 1)]
    [InlineData("type: ssh, head_ip: h,\n  worker_ips: []", 2)]
    [InlineData("type: ssh, head_ip: h,\n  worker_ips: [h]", 0)]
    [InlineData("type: sge", 0)]
    public void Hosts_for_no_worker_are_noted(string provider, int line) => Assert.Equal(
        line == 0 ? [] : [$"cluster.yaml:{line}: provider.worker_ips: there is no host for workers, so that no task would run: the head runs none, but its host may be named here too."],
        ClusterFileTests.Right($"provider: {{{provider}}}\ncluster_name: x\n").Notes);

    private static ClusterConfiguration Load(string file) => ClusterFile.Load(WrittenTests.PathOf($"examples/clusters/{file}"));

    /// <summary>What a shell complains of that reads the script and runs nothing.</summary>
    private static string Check(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-n"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        var complaint = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return complaint;
    }
}
