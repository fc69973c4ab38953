using Weft.Launcher.Tests.Configuration;

namespace Weft.Launcher.Tests.Nodes;

/// <summary>The text of nodes' scripts.</summary>
public sealed class NodeScriptTests
{
    private static readonly NodePaths Paths = new("~/.weft/bin/weft", "~/.weft/clusters/demo/scheduler.json", "~/.weft/clusters/demo");

    private const string Runner = """
        weft_shell=$(command -v bash || command -v sh)
        weft_run() {
            "$weft_shell" -c "$2" </dev/null && return
            weft_code=$?
            printf 'weft: %s ended with exit code %s: %s\n' "$1" "$weft_code" "$(printf '%s\n' "$2" | head -n 1 | cut -c 1-200)" >&2
            exit "$weft_code"
        }
        """;

    [Fact]
    public void A_worker_s_script_is_environment_commands_and_the_worker()
    {
        var cluster = ClusterFileTests.Right("""
            cluster_name: demo
            provider: {type: sge}
            env: {OMP_NUM_THREADS: 1, GREETING: "it's $HOME"}
            initialization_commands: [mount /data]
            setup_commands: ["echo 'one' && cd /"]
            head_setup_commands: [not here]
            worker_setup_commands: [echo two]
            storage: /scratch/my files
            available_node_types:
              cpu:
                resources: {CPU: 4, memory: 8GB, GPU: 1}
                nworkers: 2
                worker_options: [--lifetime 55m, --lifetime-restart]
            """);

        Assert.Equal(
            $$"""
            #!/bin/sh
            # A worker node of the type cpu of the cluster demo.
            export GREETING='it'\''s $HOME'
            export OMP_NUM_THREADS=1
            {{Runner}}
            weft_run 'initialization command 1' 'mount /data'
            weft_run 'setup command 1' 'echo '\''one'\'' && cd /'
            weft_run 'worker setup command 1' 'echo two'
            exec "$HOME"/.weft/bin/weft worker --scheduler-file "$HOME"/.weft/clusters/demo/scheduler.json --name "$WEFT_NODE" --nworkers 2 --nthreads 2 --memory-limit 4000000000B --resources GPU=0.5 --local-directory '/scratch/my files' --lifetime 55m --lifetime-restart </dev/null

            """,
            NodeScript.Worker(cluster, cluster.NodeTypes[0], Paths));
    }

    [Theory]
    [InlineData("{}", "weft_run 'setup command 1' 'echo all'; weft_run 'worker setup command 1' 'echo workers'")]
    [InlineData("{worker_setup_commands: [echo own]}", "weft_run 'worker setup command 1' 'echo own'")]
    [InlineData("{worker_setup_commands: []}", "")]
    public void A_type_s_own_list_of_setup_commands_is_all_of_them(string type, string commands)
    {
        var cluster = ClusterFileTests.Right($"cluster_name: demo\nprovider: {{type: local}}\nsetup_commands: [echo all]\nworker_setup_commands: [echo workers]\navailable_node_types: {{a: {type}}}\n");

        var lines = NodeScript.Worker(cluster, cluster.NodeTypes[0], Paths).Split('\n');
        Assert.Equal(commands, string.Join("; ", lines.Where(static line => line.StartsWith("weft_run '", StringComparison.Ordinal))));
    }

    [Fact]
    public void The_head_s_script_ends_in_the_head()
    {
        var cluster = ClusterFileTests.Right("""
            cluster_name: demo
            provider: {type: sge}
            env: {A: b}
            initialization_commands: [mount /data]
            setup_commands: [echo one]
            head_setup_commands: [echo head]
            worker_setup_commands: [not here]
            """);

        Assert.Equal(
            $$"""
            #!/bin/sh
            # The head of the cluster demo.
            export A=b
            {{Runner}}
            weft_run 'initialization command 1' 'mount /data'
            weft_run 'setup command 1' 'echo one'
            weft_run 'head setup command 1' 'echo head'
            exec "$HOME"/.weft/bin/weft head "$HOME"/.weft/clusters/demo </dev/null

            """,
            NodeScript.Head(cluster, Paths));
    }

    [Fact]
    public void Without_commands_it_is_a_line() => Assert.Equal(
        "#!/bin/sh\n# The head of the cluster demo.\nexec \"$HOME\"/.weft/bin/weft head \"$HOME\"/.weft/clusters/demo </dev/null\n",
        NodeScript.Head(ClusterFileTests.Right("cluster_name: demo\nprovider: {type: local}\n"), Paths));

    [Fact]
    public void In_a_container_runs_all_but_the_initialization_commands()
    {
        var cluster = ClusterFileTests.Right("""
            cluster_name: demo
            provider: {type: ssh, head_ip: a, worker_ips: [b]}
            env: {A: b}
            docker: {image: "team/run:1", container_name: ray_container, run_options: ["--ulimit nofile=65536:65536"]}
            file_mounts: {"~/rates": /srv/rates}
            initialization_commands: [mount /data]
            setup_commands: ["echo 'one'"]
            """);

        Assert.Equal(
            $$"""
            #!/bin/sh
            # A worker node of the type worker of the cluster demo.
            export A=b
            {{Runner}}
            weft_run 'initialization command 1' 'mount /data'
            weft_run 'fetching the image' 'docker pull team/run:1'
            docker rm --force ray_container-"$WEFT_NODE" >/dev/null 2>&1
            exec docker run --rm --init --interactive --network host --name ray_container-"$WEFT_NODE" --env HOME --env WEFT_CLUSTER --env WEFT_NODE_TYPE --env WEFT_NODE --env A -v "$HOME"/rates:"$HOME"/rates -v "$HOME"/.weft/bin:"$HOME"/.weft/bin:ro -v "$HOME"/.weft/clusters/demo:"$HOME"/.weft/clusters/demo:ro --ulimit nofile=65536:65536 team/run:1 /bin/sh -s <<'WEFT_END'
            {{Runner}}
            weft_run 'setup command 1' 'echo '\''one'\'''
            exec "$HOME"/.weft/bin/weft worker --scheduler-file "$HOME"/.weft/clusters/demo/scheduler.json --name "$WEFT_NODE" --nworkers auto --nthreads 1 --memory-limit auto </dev/null
            WEFT_END

            """,
            NodeScript.Worker(cluster, cluster.NodeTypes[0], Paths));
    }

    [Fact]
    public void The_head_of_workers_in_containers_is_on_its_host_and_leaves_the_commands_for_containers_out()
    {
        var cluster = ClusterFileTests.Right("""
            cluster_name: demo
            provider: {type: local}
            docker: {image: a}
            setup_commands: [apt-get install -y tool]
            head_setup_commands: [echo head]
            """);

        var script = NodeScript.Head(cluster, Paths);
        Assert.DoesNotContain("docker", script);
        Assert.DoesNotContain("apt-get", script);
        Assert.Contains("echo head", script);
    }

    [Fact]
    public void A_head_with_an_image_of_its_own_has_its_folder_and_journal_in_the_container()
    {
        var cluster = ClusterFileTests.Right("""
            cluster_name: demo
            provider: {type: local}
            docker: {head_image: team/head, pull_before_run: false}
            scheduler_file: /shared/demo.json
            journal: /fast/journal
            """);

        var script = NodeScript.Head(cluster, Paths with { SchedulerFile = "/shared/demo.json" });
        Assert.Contains(""" -v "$HOME"/.weft/clusters/demo:"$HOME"/.weft/clusters/demo -v /shared:/shared -v /fast/journal:/fast/journal team/head """, script);
        Assert.DoesNotContain("docker pull", script);
    }

    [Fact]
    public void A_path_is_mounted_once_and_writable_where_one_of_its_uses_needs_it()
    {
        var cluster = ClusterFileTests.Right("""
            cluster_name: demo
            provider: {type: ssh, head_ip: a, worker_ips: [b]}
            docker: {image: i, pull_before_run: false}
            scheduler_file: /shared/study/scheduler.json
            storage: /shared/study/
            file_mounts: {~/data: ./a, ~/data/: ./b}
            cluster_synced_files: [~/data]
            """);
        var paths = Paths with { Program = "/opt/weft/weft", SchedulerFile = "/shared/study/scheduler.json" };

        Assert.Contains(" --env WEFT_NODE -v \"$HOME\"/data:\"$HOME\"/data -v /opt/weft:/opt/weft:ro -v /shared/study:/shared/study i ", NodeScript.Worker(cluster, cluster.NodeTypes[0], paths));
        Assert.Contains(" -v /shared/study:/shared/study:ro i ", NodeScript.Worker(cluster with { Storage = null }, cluster.NodeTypes[0], paths with { Program = "/shared/study/weft" }));
    }

    [Fact]
    public void An_option_of_docker_run_may_be_a_block_of_the_file()
    {
        var cluster = ClusterFileTests.Right("""
            cluster_name: demo
            provider: {type: local}
            docker:
              image: team/run
              run_options: |
                --ulimit nofile=65536:65536
                --shm-size 1g \
                --gpus all
            """ + "\n");

        Assert.Contains(" --ulimit nofile=65536:65536 --shm-size 1g --gpus all team/run /bin/sh -s ", NodeScript.Worker(cluster, cluster.NodeTypes[0], Paths));
    }

    [Fact]
    public void A_program_that_the_file_names_is_the_image_s_own()
    {
        var cluster = ClusterFileTests.Right("cluster_name: demo\nprovider: {type: local}\ndocker: {image: a}\nweft_program: /opt/weft/weft\n");

        Assert.DoesNotContain("/opt/weft:", NodeScript.Worker(cluster, cluster.NodeTypes[0], Paths with { Program = "/opt/weft/weft" }));
    }

    [Fact]
    public void A_line_of_a_command_cannot_end_the_script()
    {
        var cluster = ClusterFileTests.Right("cluster_name: demo\nprovider: {type: local}\ndocker: {image: a}\nsetup_commands: [\"cat <<WEFT_END\\nWEFT_END\\n\"]\n");

        Assert.EndsWith("\nWEFT_END_\n", NodeScript.Worker(cluster, cluster.NodeTypes[0], Paths));
    }

    [Theory]
    [InlineData("a: {resources: {CPU: 4}}", "--nworkers 4 --nthreads 1 --memory-limit auto")]
    [InlineData("a: {resources: {CPU: 4, memory: 1001B}}", "--nworkers 4 --nthreads 1 --memory-limit 250B")]
    [InlineData("a: {resources: {CPU: 4, GPU: 2}}", "--nworkers 1 --nthreads 4 --memory-limit auto --resources GPU=2")]
    [InlineData("a: {resources: {CPU: 4, GPU: 2}, nworkers: 4}", "--nworkers 4 --nthreads 1 --memory-limit auto --resources GPU=0.5")]
    [InlineData("a: {resources: {'my key': 1}}", "")]
    public void Processes_share_what_the_node_has(string type, string arguments)
    {
        var result = ClusterFile.Parse($"cluster_name: demo\nprovider: {{type: local}}\navailable_node_types: {{{type}}}\n", "cluster.yaml");

        Assert.Equal(arguments.Length == 0, result.Configuration is null);
        if (result.Configuration is { } cluster)
        {
            Assert.Contains($" {arguments} </dev/null\n", NodeScript.Worker(cluster, cluster.NodeTypes[0], Paths));
        }
    }

    [Theory]
    [InlineData("", "--nworkers auto --nthreads 1 --memory-limit auto")]
    [InlineData("resources: {memory: 800B}", "--nworkers \"$weft_cores\" --nthreads 1 --memory-limit \"$((800 / weft_cores))B\"")]
    [InlineData("resources: {GPU: 1}", "--nworkers 1 --nthreads \"$((weft_cores > 1 ? weft_cores / 1 : 1))\" --memory-limit auto --resources GPU=1")]
    [InlineData("resources: {memory: 800B}, nworkers: 2", "--nworkers 2 --nthreads \"$((weft_cores > 2 ? weft_cores / 2 : 1))\" --memory-limit \"$((800 / 2))B\"")]
    public void A_host_whose_cores_are_not_named_shares_those_it_has(string type, string arguments)
    {
        var cluster = ClusterFileTests.Right($"cluster_name: demo\nprovider: {{type: ssh, head_ip: a, worker_ips: [b]}}\navailable_node_types: {{a: {{{type}}}}}\n");

        Assert.Contains($" {arguments} </dev/null\n", NodeScript.Worker(cluster, cluster.NodeTypes[0], Paths));
    }
}
