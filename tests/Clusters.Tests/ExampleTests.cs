using Weft.Providers.Tests.Ssh;

namespace Weft.Clusters.Tests;

/// <summary>The files of examples/clusters do what they say: each is brought up here, works, and goes without a trace.</summary>
public sealed class ExampleTests
{
    /// <summary>The parts of what is printed for each file by which somebody who knows the system recognizes what will happen.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> Manifests = new Dictionary<string, string[]>
    {
        ["grid-engine.yaml"] =
        [
            "# ---- the head, on this machine",
            "exec /shared/weft/weft head \"$HOME\"/.weft/clusters/risk",
            "# ---- node type small: 0 to 100 nodes",
            "-N weft.risk.small -t 1-1 -o '/shared/risk/logs/small-$TASK_ID.log' -j y -notify -q all.q -P risk -l h_rt=28800 <<",
            "worker --scheduler-file /shared/risk/scheduler.json --name \"$WEFT_NODE\" --nworkers 1 --nthreads 1 --memory-limit 3500000000B --lifetime 7h --lifetime-stagger 30m",
            "-pe smp 4 -l h_rt=7200 -l licence=1 <<",
            "--nworkers 1 --nthreads 4 --memory-limit 14000000000B --resources licence=1",
        ],
        ["slurm.yaml"] =
        [
            "# ---- the head, a node",
            "sbatch --parsable --job-name=weft.study.head.0 --array=1 ",
            "--partition=long --account=study --time=10080 ",
            "sbatch --parsable --job-name=weft.study.cpu.0 --array=1 ",
            "--cpus-per-task=8 --signal=B:TERM@30 --partition=main --account=study --time=240 ",
            "sbatch --parsable --job-name=weft.study.gpu.0 --array=1 ",
            "--partition=gpu --account=study --gres=gpu:1 ",
            "--nworkers 1 --nthreads 4 --memory-limit 60000000000B --resources GPU=1",
        ],
        ["ssh-docker.yaml"] =
        [
            "# ---- the head, on weft@10.0.0.10",
            "ssh -l weft -i ",
            " 10.0.0.11 'WEFT_CLUSTER=hosts WEFT_NODE_TYPE=host WEFT_NODE=host-1 setsid /bin/sh' < script.sh",
            " 10.0.0.13:rates",
            "docker pull team/dotnet:10.0",
            "exec docker run --rm --init ",
            "--ulimit nofile=65536:65536 --user \"$(id -u):$(id -g)\" team/dotnet:10.0 ",
        ],
        ["ssh-ray.yaml"] =
        [
            "# note: ",
            "head_start_ray_commands means nothing here",
            "# ---- the head, on ubuntu@10.0.0.10",
            "# ---- node type worker: 2 to 2 nodes; a request for 2",
            " 10.0.0.12 'WEFT_CLUSTER=default WEFT_NODE_TYPE=worker WEFT_NODE=worker-1 setsid /bin/sh' < script.sh",
            "--nworkers auto",
        ],
        ["this-machine.yaml"] =
        [
            "# ---- the head, on this machine",
            "# ---- node type worker: 0 to 4 nodes",
            "# worker-1: setsid /bin/sh, output to ",
            "worker --scheduler-file \"$HOME\"/.weft/clusters/here/scheduler.json --name \"$WEFT_NODE\" --nworkers 1 --nthreads 1",
        ],
    };

    public static TheoryData<string> Files => [.. Directory.GetFiles(ExampleFile.Folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_manifest_of_an_example_as_it_is_names_what_would_be_submitted(string file)
    {
        await using var cluster = LocalClusterUnderTest.Create();

        var manifest = (await WeftRun.OfAsync(cluster.Command(["manifest", Path.Combine(ExampleFile.Folder, file)]))).Succeeded();

        Assert.Equal("", manifest.Error);
        Assert.All(Manifests[file], part => Assert.Contains(part, manifest.Output));
    }

    [Fact]
    public async Task This_machine()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(ExampleFile.Read("this-machine.yaml").With("cluster_name: here\n", $"cluster_name: {cluster.Name}\n"));

        await RunAsync(cluster, await cluster.ReachAsync());
    }

    /// <param name="cluster">Whose file is the example.</param>
    /// <param name="reached">By what a client connects.</param>
    /// <param name="more">What is to be seen of this example alone.</param>
    internal static async Task RunAsync(ClusterUnderTest cluster, ReachedCluster reached, Func<WeftClient, Task>? more = null)
    {
        Assert.Contains($"cluster {cluster.Name} is up", (await cluster.WeftAsync("up", "--wait")).Succeeded().Output);
        await using (var client = await reached.ConnectAsync())
        {
            await Workload.RunQuickstartAsync(client);
            await (more?.Invoke(client) ?? Task.CompletedTask);
        }

        Assert.Contains("none is left", (await cluster.WeftAsync("down", "--yes")).Succeeded().Output);
        Assert.Empty(cluster.Processes());
        Assert.Equal("", await cluster.LeftInSystemAsync());
    }
}

[Trait("Category", "System")]
[Collection(QueueCollection.Name)]
public sealed class QueueExampleTests
{
    [Fact]
    public async Task Grid_Engine()
    {
        await using var cluster = await QueueClusterUnderTest.GridEngineAsync();
        cluster.Write(ExampleFile.Read("grid-engine.yaml")
            .With("cluster_name: risk\n", $"cluster_name: {cluster.Name}\n")
            .With("queue: all.q\n", "queue: weft\n")
            .With("  project: risk\n", "")
            .With("/shared/risk/logs", $"{cluster.Folder}/logs")
            .With("/shared/dotnet", DotnetFolder)
            .With("/shared/weft/weft", cluster.Program)
            .With("/shared/risk/scheduler.json", $"{cluster.Folder}/scheduler.json")
            .With("/var/tmp/risk-journal", $"{cluster.Folder}/journal")
            .With("  small:\n    max_workers: 100\n", "  small:\n    max_workers: 2\n")
            .With("parallel_environment: smp\n", "parallel_environment: make\n")
            .With("      resources: [licence=1]\n", ""));

        await ExampleTests.RunAsync(cluster, new ReachedCluster($"{cluster.Folder}/scheduler.json"), static client => RunsOnAsync(client, "licence=1", "licensed-"));

        Assert.False(File.Exists($"{cluster.Folder}/scheduler.json"));
        Assert.NotEmpty(Directory.GetFiles($"{cluster.Folder}/logs"));
    }

    [Fact]
    public async Task Slurm()
    {
        await using var cluster = await QueueClusterUnderTest.SlurmAsync();
        cluster.Write(ExampleFile.Read("slurm.yaml")
            .With("cluster_name: study\n", $"cluster_name: {cluster.Name}\n")
            .With("partition: main\n", "partition: weft\n")
            .With("partition: long\n", "partition: weft\n")
            .With("partition: gpu\n", "partition: weft\n")
            .With("      gres: gpu:1\n", "")
            .With("/shared/weft/weft", cluster.Program)
            .With("/shared/study/scheduler.json", $"{cluster.Folder}/scheduler.json")
            .With("  cpu:\n    max_workers: 50\n", "  cpu:\n    max_workers: 2\n")
            .With("CPU: 8, memory: 30GB", "CPU: 2, memory: 4GB")
            .With("memory: 60GB", "memory: 4GB"));

        await ExampleTests.RunAsync(cluster, new ReachedCluster($"{cluster.Folder}/scheduler.json"), static client => RunsOnAsync(client, "GPU=1", "gpu-"));

        Assert.False(File.Exists($"{cluster.Folder}/scheduler.json"));
    }

    private static string DotnetFolder => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    private static async Task RunsOnAsync(WeftClient client, string resources, string node) => Assert.StartsWith(
        node,
        await client.Submit(static () => Environment.GetEnvironmentVariable("WEFT_NODE")!, new TaskOptions { Resources = resources }),
        StringComparison.Ordinal);
}

[Trait("Category", "System")]
public sealed class SshExampleTests(SshServer server) : IClassFixture<SshServer>
{
    [Fact]
    public async Task Hosts_without_their_containers()
    {
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder());
        Directory.CreateDirectory(Path.Combine(cluster.Folder, "rates"));
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "rates", "eur"), "1.5");
        cluster.Write(ExampleFile.Read("ssh-docker.yaml")
            .With("cluster_name: hosts\n", $"cluster_name: {cluster.Name}\n")
            .With("head_ip: 10.0.0.10\n", $"head_ip: {server.HostOf("weft-a")}\n  known_hosts: /dev/null\n")
            .With("[10.0.0.11, 10.0.0.12, 10.0.0.13]", $"['{server.HostOf("weft-a")}', '{server.HostOf("weft-b")}', '{server.HostOf("weft-c")}']")
            .With("~/.ssh/id_ed25519", server.PrivateKey)
            .With("CPU: 8, memory: 28GB", "CPU: 1, memory: 2GB")
            .WithoutSection("docker:", "file_mounts:"));

        await ExampleTests.RunAsync(cluster, await cluster.ReachAsync(), static async client =>
        {
            var rates = await client.RunOnWorkersAsync(static () => File.ReadAllText(Path.Combine(Environment.GetEnvironmentVariable("HOME")!, "rates", "eur")));
            Assert.NotEmpty(rates);
            Assert.All(rates.Values, static rate => Assert.Equal("1.5", rate));
        });
    }

    [Fact]
    public async Task Hosts_of_a_file_for_Ray()
    {
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder());
        cluster.Write(ExampleFile.Read("ssh-ray.yaml")
            .With("cluster_name: default\n", $"cluster_name: {cluster.Name}\n")
            .With("head_ip: 10.0.0.10\n", $"head_ip: {server.HostOf("weft-a")}\n  known_hosts: /dev/null\n")
            .With("[10.0.0.11, 10.0.0.12]", $"['{server.HostOf("weft-b")}', '{server.HostOf("weft-c")}']")
            .With("~/.ssh/id_rsa", server.PrivateKey));

        await ExampleTests.RunAsync(cluster, await cluster.ReachAsync(), static async client =>
            Assert.Equal(["worker-1", "worker-2"], (await client.RunOnWorkersAsync(static () => Environment.GetEnvironmentVariable("WEFT_NODE")!)).Values.Distinct().Order(StringComparer.Ordinal)));
    }
}
