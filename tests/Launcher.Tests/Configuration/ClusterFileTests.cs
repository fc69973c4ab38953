using Weft.Provisioning;

namespace Weft.Launcher.Tests.Configuration;

/// <summary>What a right file comes to.</summary>
public sealed class ClusterFileTests
{
    [Fact]
    public void A_simple_file_is_enough()
    {
        var cluster = Right("""
            cluster_name: x
            provider: {type: local}
            max_workers: 4
            """);

        var type = Assert.Single(cluster.NodeTypes);
        Assert.Equal(("x", "local", 4), (cluster.ClusterName, cluster.ProviderType, cluster.WorkersMax));
        Assert.Equal(("worker", 0, 4, 1, 1), (type.Name, type.WorkersMin, type.WorkersMax, type.Capacity.Slots, type.ProcessCount));
        Assert.Equal(TimeSpan.FromMinutes(5), cluster.WorkerTimeout);
        Assert.Equal(Timeout.InfiniteTimeSpan, cluster.HeadTimeout);
        Assert.Equal("auto", cluster.Journal);
        Assert.Empty(cluster.Notes);
    }

    [Theory]
    [InlineData("my_cluster")]
    [InlineData("_a-1_")]
    public void A_name_that_Ray_takes_is_a_name_here(string name) =>
        Assert.Equal(name, Right($"cluster_name: {name}\nprovider: {{type: local}}\n").ClusterName);

    [Fact]
    public void All_that_can_be_said_of_a_node_type_is_read()
    {
        var cluster = Right("""
            cluster_name: all
            provider: {type: sge, queue: all.q}
            max_workers: 10
            available_node_types:
              cpu:
                min_workers: 1
                max_workers: 6
                resources: {CPU: 4, memory: 8GB}
                market: spot-with-fallback
                price: 0.40
                spot_price: 0.12
                nworkers: 2
                worker_options: [--lifetime 55m, --lifetime-restart]
                worker_setup_commands: [echo there]
                initialization_commands: []
                node_config: {queue: big.q, walltime: 2h}
              gpu:
                resources: {CPU: 8, GPU: 2, licence: 0.5}
            """);

        var cpu = cluster.NodeTypes[0];
        Assert.Equal((1, 6, 4, 8_000_000_000L, 2), (cpu.WorkersMin, cpu.WorkersMax, cpu.Capacity.Slots, cpu.Capacity.MemoryBytes, cpu.ProcessCount));
        Assert.Equal((true, true, 0.40m, 0.12m), (cpu.IsSpot, cpu.FallsBackToOnDemand, cpu.Price, cpu.SpotPrice));
        Assert.Equal(["--lifetime", "55m", "--lifetime-restart"], cpu.WorkerArguments);
        Assert.Equal(["echo there"], cpu.WorkerSetupCommands);
        Assert.Empty(cpu.InitializationCommands!);
        Assert.Equal("big.q", cpu.NodeSettings.Text("queue"));
        Assert.Equal(TimeSpan.FromHours(2), cpu.NodeSettings.Duration("walltime"));
        var gpu = cluster.NodeTypes[1];
        Assert.Equal((0, 10, 8, 1), (gpu.WorkersMin, gpu.WorkersMax, gpu.Capacity.Slots, gpu.ProcessCount));
        Assert.Equal("GPU=2,licence=0.5", gpu.Resources.ToString());
        Assert.Null(gpu.WorkerSetupCommands);
        Assert.Equal("all.q", cluster.Provider.Text("queue"));
    }

    [Theory]
    [InlineData("worker_timeout: -1", -1)]
    [InlineData("worker_timeout: 600", 600_000)]
    [InlineData("worker_timeout: 90s", 90_000)]
    [InlineData("idle_timeout_minutes: 2", 120_000)]
    [InlineData("idle_timeout_minutes: 0.5", 30_000)]
    [InlineData("idle_timeout_minutes: 2\nworker_timeout: 1h", 3_600_000)]
    public void A_timeout_is_a_duration_or_seconds_or_minutes(string lines, int milliseconds) =>
        Assert.Equal(milliseconds, Right($"cluster_name: x\nprovider: {{type: local}}\n{lines}\n").WorkerTimeout.TotalMilliseconds);

    [Fact]
    public void The_head_has_a_section_of_its_own()
    {
        var head = Right("""
            cluster_name: x
            provider: {type: slurm}
            head: {host: 10.0.0.1, port: 0, status_port: 9000, run_as: job, node_config: {partition: long}}
            """).Head;

        Assert.Equal((true, "10.0.0.1", 0, 9000, "long"), (head.IsJob, head.Host, head.Port, head.StatusPort, head.NodeSettings.Text("partition")));
    }

    [Theory]
    [InlineData("type: local", "", "127.0.0.1")]
    [InlineData("type: local", "head: {port: 1}", "127.0.0.1")]
    [InlineData("type: local", "head: {host: 0.0.0.0}", "0.0.0.0")]
    [InlineData("type: local, head_ip: a, worker_ips: [b]", "", null)]
    [InlineData("type: ssh, head_ip: a, worker_ips: [b]", "", null)]
    [InlineData("type: sge", "", null)]
    public void A_cluster_of_one_machine_is_heard_on_that_machine_alone_unless_it_says_otherwise(string provider, string head, string? host) =>
        Assert.Equal(host, Right($"cluster_name: x\nprovider: {{{provider}}}\n{head}\n").Head.Host);

    [Fact]
    public void The_head_s_node_type_is_no_worker_unless_it_says_so()
    {
        const string File = """
            cluster_name: x
            provider: {type: slurm}
            max_workers: 5
            head_node_type: ray.head.default
            available_node_types:
              ray.head.default:
                resources: {CPU: 0, memory: 4GiB}
                price: 0.1
                node_config: {partition: head}
                # workers
              cpu: {resources: {CPU: 2}}
            """;

        var cluster = Right(File);
        Assert.Equal("cpu", Assert.Single(cluster.NodeTypes).Name);
        Assert.Equal(("head", 1, 4L << 30), (cluster.Head.NodeSettings.Text("partition"), cluster.Head.Capacity.Slots, cluster.Head.Capacity.MemoryBytes));

        var both = Right(File.Replace("# workers", "max_workers: 2"));
        Assert.Equal([("ray.head.default", 2), ("cpu", 5)], both.NodeTypes.Select(static type => (type.Name, type.WorkersMax)));
    }

    [Fact]
    public void Anchors_and_merge_keys_are_followed()
    {
        var types = Right("""
            cluster_name: x
            provider: {type: local}
            available_node_types:
              one: &one
                resources: {CPU: 2}
                max_workers: 1
              two:
                <<: *one
                max_workers: 2
              three: *one
            """).NodeTypes;

        Assert.Equal([(2, 1), (2, 2), (2, 1)], types.Select(static type => (type.Capacity.Slots, type.WorkersMax)));
    }

    [Fact]
    public void A_container_is_worked_out_for_each_type()
    {
        var cluster = Right("""
            cluster_name: x
            provider: {type: local}
            docker:
              image: team/run:1
              head_image: team/head:1
              run_options: [--ulimit nofile=65536:65536]
              worker_run_options: [--gpus all]
              head_run_options: [-v /etc/ssh:/etc/ssh]
            available_node_types:
              cpu: {}
              gpu: {docker: {worker_image: team/gpu:1, pull_before_run: false, worker_run_options: []}}
            """);

        var (cpu, gpu) = (cluster.NodeTypes[0].Container!, cluster.NodeTypes[1].Container!);
        Assert.Equal(("team/run:1", "weft-x", true), (cpu.Image, cpu.Name, cpu.PullBeforeRun));
        Assert.Equal(["--ulimit nofile=65536:65536", "--gpus all"], cpu.RunOptions);
        Assert.Equal(("team/gpu:1", false), (gpu.Image, gpu.PullBeforeRun));
        Assert.Equal(["--ulimit nofile=65536:65536"], gpu.RunOptions);
        Assert.Equal("team/head:1", cluster.Head.Container!.Image);
        Assert.Equal(["--ulimit nofile=65536:65536", "-v /etc/ssh:/etc/ssh"], cluster.Head.Container.RunOptions);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("")]
    public void A_flag_of_Ray_s_that_asks_for_nothing_is_noted(string value) => Assert.Equal(
        ["cluster.yaml:3: docker.use_podman means nothing here: the program that is run is docker."],
        Right($"cluster_name: x\nprovider: {{type: local}}\ndocker: {{image: a, use_podman: {value}}}\n").Notes);

    [Fact]
    public void An_empty_image_means_no_container_and_the_head_has_none_without_its_own()
    {
        Assert.Null(Right("cluster_name: x\nprovider: {type: local}\ndocker: {image: '', container_name: ''}").NodeTypes[0].Container);
        Assert.Null(Right("cluster_name: x\nprovider: {type: local}\ndocker: {image: a}").Head.Container);
    }

    [Fact]
    public void Paths_here_are_relative_to_the_file_and_paths_there_are_kept()
    {
        var cluster = ClusterFile.Parse(
            """
            cluster_name: x
            provider: {type: local}
            auth: {ssh_private_key: keys/id, ssh_user: hpc, ssh_proxy_command: "nc -x proxy <&0 %h %p"}
            file_mounts: {"~/data": ./data/, /opt/tool: ~/tool, /opt/rates: /srv/rates}
            scheduler_file: ~/cluster.json
            """,
            "/srv/team/cluster.yaml").Configuration!;

        Assert.Equal(
            [new FileMount("/srv/rates", "/opt/rates"), new FileMount($"{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}/tool", "/opt/tool"), new FileMount("/srv/team/data", "~/data")],
            cluster.FileMounts);
        Assert.Equal(("/srv/team/keys/id", "hpc", "nc -x proxy <&0 %h %p"), (cluster.Login.PrivateKey, cluster.Login.User, cluster.Login.ProxyCommand));
        Assert.Equal("~/cluster.json", cluster.SchedulerFile);
    }

    [Theory]
    [InlineData("type: sge", "file_mounts: {/opt/a: ./a, /opt/b: ./b}", "cluster.yaml:3: file_mounts are copied to the machine that weft up runs on: nodes of sge see them where the path there is on a volume that they share.")]
    [InlineData("type: slurm", "cluster_synced_files: [~/a]", "cluster.yaml:3: cluster_synced_files are not copied: nodes of slurm see them where the path is on a volume that they share.")]
    [InlineData("type: ssh, head_ip: a, worker_ips: [b]", "file_mounts: {/opt/a: ./a}\ncluster_synced_files: [~/a]", "")]
    [InlineData("type: local", "file_mounts: {/opt/a: ./a}", "")]
    [InlineData("type: sge, log_directory: ~/logs", "file_mounts: {}", "")]
    public void Where_files_are_not_brought_to_nodes_it_is_noted_once(string provider, string files, string note) =>
        Assert.Equal(note.Length == 0 ? [] : [note], Right($"cluster_name: x\nprovider: {{{provider}}}\n{files}\n").Notes);

    [Fact]
    public void Nothing_in_a_value_is_expanded() =>
        Assert.Equal("$HOME/${USER}", Right("cluster_name: x\nprovider: {type: local}\nenv: {WHERE: '$HOME/${USER}'}").Environment["WHERE"]);

    [Fact]
    public void What_is_in_quotes_is_a_text_whatever_it_says() =>
        Assert.Equal(["", "null", "~"], Right("cluster_name: x\nprovider: {type: local}\nenv: {A: '', B: 'null', C: \"~\"}").Environment.Values);

    [Fact]
    public void The_creator_is_a_tag_unless_there_is_one()
    {
        const string File = "cluster_name: x\nprovider: {type: local}\ncreator: ada\n";

        Assert.Equal([KeyValuePair.Create("creator", "ada")], Right(File).Tags);
        Assert.Equal([KeyValuePair.Create("creator", "team"), KeyValuePair.Create("paid_by", "7")], Right(File + "tags: {paid_by: 7, creator: team}").Tags);
    }

    [Fact]
    public void A_key_with_nothing_after_it_is_not_given()
    {
        var cluster = Right("cluster_name: x\nprovider: {type: local}\nsetup_commands:\n#  - echo\nmax_workers:\nenv: ~\n");

        Assert.Empty(cluster.SetupCommands);
        Assert.Equal(2, cluster.WorkersMax);
    }

    [Fact]
    public void A_type_that_costs_more_than_is_allowed_is_named()
    {
        var cluster = Right("cluster_name: x\nprovider: {type: local}\nmax_price: 1\navailable_node_types:\n  dear: {price: 2}\n");

        Assert.Equal("cluster.yaml:5: available_node_types.dear.price: a node costs 2, which is more than max_price, 1: none is launched.", Assert.Single(cluster.Notes));
    }

    [Fact]
    public void A_minimum_that_a_bound_of_prices_allows_in_one_way_is_right()
    {
        const string File = "cluster_name: x\nprovider: {type: local}\nmax_price: 3\nmax_hourly_cost: 4\navailable_node_types:\n  a: {min_workers: 2, price: 5, spot_price: 2, market: spot-with-fallback}\n";

        Assert.Empty(Right(File).Notes);
    }

    internal static ClusterConfiguration Right(string text)
    {
        var result = ClusterFile.Parse(text, "cluster.yaml");
        Assert.Empty(result.Problems.Select(static problem => problem.ToString()));
        return result.Configuration!;
    }
}
