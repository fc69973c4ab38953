namespace Weft.Launcher.Tests.Configuration;

/// <summary>What is said of a wrong file: where, what, and what is allowed.</summary>
public sealed class ClusterFileProblemTests
{
    private const string Least = "cluster_name: x\nprovider: {type: local}\n";

    [Fact]
    public void All_problems_are_told_at_once_in_the_order_of_the_file()
    {
        Assert.Equal(
            [
                "c.yaml:1:15: cluster_name: 'my cluster' is not allowed; allowed are letters, digits, underscores and, between them, dashes, at most 40. Did you mean 'my-cluster'?",
                "c.yaml:2:1: max_workes: there is no such key. Did you mean 'max_workers'?",
                "c.yaml:4:9: provider.type: there is no provider 'slrm'; there are local, ssh, sge, slurm, external. Did you mean 'slurm'?",
                "c.yaml:5:23: idle_timeout_minutes: 'soon' is not allowed; allowed is a number from 0 to 1000000000.",
                "c.yaml:8:18: available_node_types.cpu.min_workers: '-1' is not allowed; allowed is a whole number from 0 to 100000.",
                "c.yaml:9:5: available_node_types.cpu.prize: there is no such key. Did you mean 'price'?",
                "c.yaml:10:13: available_node_types.cpu.market: 'spots' is not allowed; allowed is one of on-demand, spot, spot-with-fallback. Did you mean 'spot'?",
            ],
            Wrong("""
                cluster_name: my cluster
                max_workes: 4
                provider:
                  type: slrm
                idle_timeout_minutes: soon
                available_node_types:
                  cpu:
                    min_workers: -1
                    prize: 2
                    market: spots
                """));
    }

    [Theory]
    [InlineData("", "c.yaml:1:1: the file is empty; the least is cluster_name: NAME and provider: { type: local }.")]
    [InlineData("# nothing\n", "c.yaml:1:1: the file is empty; the least is cluster_name: NAME and provider: { type: local }.")]
    [InlineData("- a\n- b\n", "c.yaml:1:1: the file is no mapping of keys to values, as in cluster_name: NAME.")]
    [InlineData("cluster_name: x\nprovider:\n\ttype: local\n", "c.yaml:3:1: a tab indents this line: YAML allows only spaces there.")]
    [InlineData(Least + "---\ncluster_name: y\n", "c.yaml:3:1: a second document begins here: a cluster file is one document.")]
    [InlineData(Least + "max_workers: 1\nmax_workers: 2\n", "c.yaml:4:1: max_workers: the key is there twice: on line 3 too.")]
    [InlineData(Least + "env: {A: *nothing}\n", "c.yaml:3:10: this is no YAML: there is no anchor &nothing before *nothing.")]
    [InlineData(Least + "env: &a {A: *a}\n", "c.yaml:3:13: this is no YAML: there is no anchor &a before *a.")]
    [InlineData(Least + "env: {A: \"\\0\"}\n", "c.yaml:3:10: this is no YAML: a text has the character \\0 in it.")]
    public void The_form_of_the_file_is_checked(string text, string problem) => Assert.Equal([problem], Wrong(text));

    [Theory]
    [InlineData("cluster_name: x\n", "c.yaml:1:1: provider: the key is missing; allowed is a mapping of keys to values.")]
    [InlineData("provider: {type: local}\n", "c.yaml:1:1: cluster_name: the key is missing; allowed is a text.")]
    [InlineData("cluster_name: x\nprovider: {}\n", "c.yaml:2:11: provider.type: the key is missing; allowed is one of local, ssh, sge, slurm, external.")]
    [InlineData("cluster_name: x\nprovider: {type: aws, region: us-west-2}\n", "c.yaml:2:18: provider.type: the provider for EC2 is not built yet: there are local, ssh, sge, slurm, and external for one of your own.")]
    [InlineData("cluster_name: x\nprovider: {type: local, coordinator_address: 'a:1'}\n", "c.yaml:2:25: provider.coordinator_address: there is no coordinator server: head_ip and worker_ips name the hosts.")]
    [InlineData("cluster_name: x\nprovider: {type: local, module: a.dll}\n", "c.yaml:2:25: provider.module: only with type: external a module is named.")]
    [InlineData("cluster_name: x\nprovider: {type: external}\n", "c.yaml:2:11: provider.module: the key is missing; allowed is the assembly of the external provider, a path or a name beside the weft program.")]
    [InlineData("cluster_name: x\nprovider: {type: sge, que: a}\n", "c.yaml:2:23: provider.que: there is no such key. Did you mean 'queue'?")]
    [InlineData("cluster_name: head/1\nprovider: {type: local}\n", "c.yaml:1:15: cluster_name: 'head/1' is not allowed; allowed are letters, digits, underscores and, between them, dashes, at most 40. Did you mean 'head-1'?")]
    [InlineData("cluster_name: -my_cluster\nprovider: {type: local}\n", "c.yaml:1:15: cluster_name: '-my_cluster' is not allowed; allowed are letters, digits, underscores and, between them, dashes, at most 40. Did you mean 'my_cluster'?")]
    [InlineData(Least + "docker: {image: a, use_podman: true}\n", "c.yaml:3:32: docker.use_podman: the program that is run is docker; allowed is false.")]
    [InlineData(Least + "docker: {image: a, use_podman: maybe}\n", "c.yaml:3:32: docker.use_podman: 'maybe' is not allowed; allowed is true or false.")]
    [InlineData(Least + "docker: image\n", "c.yaml:3:9: docker: allowed is a mapping of keys to values.")]
    [InlineData(Least + "setup_commands: [[a]]\n", "c.yaml:3:18: setup_commands: a list stands here; allowed is a list of texts.")]
    [InlineData(Least + "setup_commands: [a, ~]\n", "c.yaml:3:21: setup_commands: an entry of the list is empty.")]
    [InlineData(Least + "env: [A]\n", "c.yaml:3:6: env: allowed is a mapping of names to texts.")]
    [InlineData(Least + "env: {A: ~}\n", "c.yaml:3:10: env.A: an entry of the mapping is empty.")]
    [InlineData(Least + "tags:\n  a: b\n  c: null\n", "c.yaml:5:6: tags.c: an entry of the mapping is empty.")]
    [InlineData(Least + "file_mounts: {~/data: ~}\n", "c.yaml:3:23: file_mounts.~/data: an entry of the mapping is empty.")]
    [InlineData(Least + "env: {A-B: c}\n", "c.yaml:3:7: env.A-B: the name of a variable has letters, digits and underscores, and does not begin with a digit.")]
    [InlineData(Least + "env: {WEFT_NODE: c}\n", "c.yaml:3:7: env.WEFT_NODE: every node has this variable already, with its own name and type and the cluster's.")]
    [InlineData(Least + "upscaling_speed: 0\n", "c.yaml:3:18: upscaling_speed: 0 is not allowed; allowed is a number above 0: 1 doubles.")]
    [InlineData(Least + "max_workers: 1\nmin_workers: 2\n", "c.yaml:4:14: min_workers: 2 is more than max_workers, 1.")]
    [InlineData(Least + "storage: s3://bucket/key\n", "c.yaml:3:10: storage: S3 is not built yet; allowed is a path on the node that is absolute or begins with ~/.")]
    [InlineData(Least + "journal: here\n", "c.yaml:3:10: journal: 'here' is no path there; allowed is auto, off, a path on the node that is absolute or begins with ~/.")]
    [InlineData(Least + "weft_program: bin/weft\n", "c.yaml:3:15: weft_program: 'bin/weft' is no path there; allowed is a name, a path on the node that is absolute or begins with ~/.")]
    [InlineData(Least + "file_mounts: {data: /data}\n", "c.yaml:3:15: file_mounts.data: 'data' is no path there; allowed is a path on the node that is absolute or begins with ~/.")]
    [InlineData(Least + "file_mounts: {~/: ./home}\n", "c.yaml:3:15: file_mounts.~/: the home itself is no target: whoever logs in there needs it as it is; allowed is a path below it.")]
    [InlineData(Least + "file_mounts: {~/.//: ./home}\n", "c.yaml:3:15: file_mounts.~/.//: the home itself is no target: whoever logs in there needs it as it is; allowed is a path below it.")]
    [InlineData(Least + "cluster_synced_files: [~/]\n", "c.yaml:3:24: cluster_synced_files: the home itself is no target: whoever logs in there needs it as it is; allowed is a path below it.")]
    [InlineData("cluster_name: x\nprovider:\n  type: sge\n  log_directory: logs\n", "c.yaml:4:18: provider.log_directory: 'logs' is no path there; allowed is a path on the node that is absolute or begins with ~/.")]
    [InlineData("cluster_name: x\nprovider: {type: sge, log_directory: /scratch/$USER/logs}\n", "c.yaml:2:38: provider.log_directory: '/scratch/$USER/logs' is not allowed: a batch system reads '$' in its own way; allowed is a path without '$', '%', ':' and ','.")]
    [InlineData("cluster_name: x\nprovider: {type: sge, log_directory: /scratch/a:b}\n", "c.yaml:2:38: provider.log_directory: '/scratch/a:b' is not allowed: a batch system reads ':' in its own way; allowed is a path without '$', '%', ':' and ','.")]
    [InlineData("cluster_name: x\nprovider: {type: sge, log_directory: '/scratch/a,b'}\n", "c.yaml:2:38: provider.log_directory: '/scratch/a,b' is not allowed: a batch system reads ',' in its own way; allowed is a path without '$', '%', ':' and ','.")]
    [InlineData("cluster_name: x\nprovider: {type: slurm, log_directory: ~/%u}\n", "c.yaml:2:40: provider.log_directory: '~/%u' is not allowed: a batch system reads '%' in its own way; allowed is a path without '$' and '%'.")]
    [InlineData(Least + "head: {port: 65536}\n", "c.yaml:3:14: head.port: '65536' is not allowed; allowed is a whole number from 0 to 65535.")]
    [InlineData(Least + "head_timeout: 5 minutes\n", "c.yaml:3:15: head_timeout: '5 minutes' is not allowed; allowed is a duration such as 90s, 55m or 2h, or a whole number of seconds, -1 for never.")]
    [InlineData(Least + "head_node_type: a\navailable_node_types: {a: {}}\n", "c.yaml:4:23: available_node_types: no type has workers, so that no task would run: the head runs none, and the type of the head has only as many as its max_workers says.")]
    [InlineData(Least + "max_price: 1e10\n", "c.yaml:3:12: max_price: '1e10' is not allowed; allowed is a number from 0 to 1000000000.")]
    [InlineData(Least + "head_node_type: hed\navailable_node_types: {heed: {}}\n", "c.yaml:3:17: head_node_type: there is no node type 'hed'; there are heed. Did you mean 'heed'?")]
    public void A_wrong_value_is_told_with_what_is_allowed(string text, string problem) => Assert.Equal([problem], Wrong(text));

    [Fact]
    public void A_wrong_entry_is_told_where_it_stands()
    {
        Assert.Equal(
            [
                "c.yaml:5:3: file_mounts.data: 'data' is no path there; allowed is a path on the node that is absolute or begins with ~/.",
                "c.yaml:6:3: file_mounts.~/none: the path here is missing.",
                "c.yaml:9:5: cluster_synced_files: 'b' is no path there; allowed is a path on the node that is absolute or begins with ~/.",
                "c.yaml:14:9: available_node_types.a.worker_options: --name is given by the name of the node type.",
            ],
            Wrong($"""
                {Least}file_mounts:
                  ~/ok: ./a
                  data: ./b
                  ~/none: ''
                cluster_synced_files:
                  - ~/a
                  - b
                available_node_types:
                  a:
                    worker_options:
                      - --lifetime 55m
                      - --name b
                """));
    }

    [Theory]
    [InlineData("worker_ips: [a, 'b:x']", "c.yaml:2:51: provider.worker_ips: 'b:x' has the port 'x': it is 1 to 65535.")]
    [InlineData("worker_ips: [a, b, ann@a]", "c.yaml:2:54: provider.worker_ips: ann@a is there twice; for several nodes on each host there is nodes_per_host.")]
    [InlineData("worker_ips: ['-a']", "c.yaml:2:48: provider.worker_ips: '-a' is no host: it is written host, user@host, host:port or user@host:port.")]
    [InlineData("ssh_options: [Compression=yes, -v]", "c.yaml:2:66: provider.ssh_options: '-v' is no option: each is written as ssh_config has it, 'Name=Value'.")]
    [InlineData("nodes_per_host: 0", "c.yaml:2:51: provider.nodes_per_host: 0 is not allowed; allowed is 1 or more.")]
    [InlineData("ssh_port: 65536", "c.yaml:2:45: provider.ssh_port: 65536 is not allowed; allowed is 1 to 65535.")]
    [InlineData("connect_timeout: 0", "c.yaml:2:52: provider.connect_timeout: 0 and never are not allowed; allowed is a duration above 0, such as 10s.")]
    [InlineData("connect_timeout: -1", "c.yaml:2:52: provider.connect_timeout: 0 and never are not allowed; allowed is a duration above 0, such as 10s.")]
    public void Values_that_no_host_can_be_reached_by_are_told_where_they_stand(string provider, string problem) =>
        Assert.Equal([problem], Wrong($"cluster_name: x\nprovider: {{type: ssh, head_ip: h, {provider}}}\nauth: {{ssh_user: ann}}\n"));

    [Fact]
    public void A_wrong_head_and_all_wrong_workers_are_told_at_once()
    {
        Assert.Equal(
            [
                "c.yaml:2:32: provider.head_ip: 'h:0' has the port '0': it is 1 to 65535.",
                "c.yaml:2:52: provider.worker_ips: 'a b' is no host: it is written host, user@host, host:port or user@host:port.",
                "c.yaml:2:59: provider.worker_ips: '[c' is no host: a bracket is missing, or something follows it that is no port.",
            ],
            Wrong("cluster_name: x\nprovider: {type: ssh, head_ip: 'h:0', worker_ips: ['a b', '[c']}\n"));
    }

    [Theory]
    [InlineData("head: {}", "c.yaml:4:3: available_node_types.head: 'head' is the name of the head's node.")]
    [InlineData("a b: {}", "c.yaml:4:3: available_node_types.a b: a node type's name has letters, digits, dots, underscores and dashes, at most 63, and begins with a letter or digit.")]
    [InlineData("cpu: {}\n  cpu-3: {}", "c.yaml:5:3: available_node_types.cpu-3: a node of the type cpu is called so.")]
    [InlineData("a: {min_workers: 3}", "c.yaml:4:20: available_node_types.a.min_workers: 3 is more than max_workers, 2.")]
    [InlineData("a: {min_workers: 2}\n  b: {min_workers: 1}", "c.yaml:1:1: max_workers: 2 is less than the min_workers of all node types together, 3.")]
    [InlineData("a: {resources: {cpu: 2}}", "c.yaml:4:19: available_node_types.a.resources.cpu: the name is not written so. Did you mean 'CPU'?")]
    [InlineData("a: {resources: {CPU: 0}}", "c.yaml:4:24: available_node_types.a.resources.CPU: '0' is not allowed; allowed is a whole number from 1 to 4096: so many tasks run at a time.")]
    [InlineData("a: {resources: {memory: much}}", "c.yaml:4:27: available_node_types.a.resources.memory: 'much' is not allowed; allowed is a size such as 512MiB or 4GB, or a whole number of bytes.")]
    [InlineData("a: {resources: {GPU: 0.0001}}", "c.yaml:4:24: available_node_types.a.resources.GPU: '0.0001' is not allowed; allowed is a number of at least 0 with at most three decimal places.")]
    [InlineData("a: {resources: {CPU: 3}, nworkers: 2}", "c.yaml:4:38: available_node_types.a.nworkers: 2 processes cannot share CPU: 3 equally.")]
    [InlineData("a: {resources: {CPU: 3, GPU: 1}, nworkers: 3}", "c.yaml:4:46: available_node_types.a.nworkers: 3 processes cannot share GPU: 1 equally, to three decimal places.")]
    [InlineData("a: {worker_options: [--nthreads 2]}", "c.yaml:4:24: available_node_types.a.worker_options: --nthreads is given by resources.CPU and nworkers.")]
    [InlineData("a: {node_config: {queue: x}}", "c.yaml:4:21: available_node_types.a.node_config.queue: there is no such key: this section has none.")]
    [InlineData("a: {min_workers: 1, price: 5}\nmax_price: 3", "c.yaml:4:20: available_node_types.a.min_workers: a node costs 5, which is more than max_price, 3, so that none is ever launched; allowed is 0, or a max_price of at least a node's price.")]
    [InlineData("a: {min_workers: 1, price: 5, spot_price: 4, market: spot-with-fallback}\nmax_price: 3", "c.yaml:4:20: available_node_types.a.min_workers: a node costs 4, which is more than max_price, 3, so that none is ever launched; allowed is 0, or a max_price of at least a node's price.")]
    [InlineData("a: {min_workers: 1, price: 1.5}\n  b: {min_workers: 1, price: 9, spot_price: 1, market: spot}\nmax_hourly_cost: 2", "c.yaml:6:18: max_hourly_cost: 2 is less than what the min_workers of all node types together cost in an hour; allowed is at least 2.5.")]
    public void A_wrong_node_type_is_told(string type, string problem) => Assert.Equal([problem], Wrong($"{Least}available_node_types:\n  {type}\n"));

    [Fact]
    public void Hosts_whose_cores_are_not_named_share_what_is_named_equally_too() => Assert.Equal(
        ["c.yaml:3:59: available_node_types.a.nworkers: 3 processes cannot share GPU: 2 equally, to three decimal places."],
        Wrong("cluster_name: x\nprovider: {type: ssh, head_ip: h, worker_ips: [w]}\navailable_node_types: {a: {resources: {GPU: 2}, nworkers: 3}}\n"));

    [Theory]
    [InlineData("auth: {ssh_user: YOUR_USERNAME}", "c.yaml:3:18: auth.ssh_user: 'YOUR_USERNAME' is still to be filled in.")]
    [InlineData("docker: {image: <your image>}", "c.yaml:3:17: docker.image: '<your image>' is still to be filled in.")]
    [InlineData("setup_commands: [git checkout YOUR_SHA]", "c.yaml:3:18: setup_commands: 'YOUR_SHA' is still to be filled in.")]
    [InlineData("max_workers: TYPICALLY_THE_NUMBER_OF_WORKER_IPS", "c.yaml:3:14: max_workers: 'TYPICALLY_THE_NUMBER_OF_WORKER_IPS' is still to be filled in.")]
    public void What_is_still_to_be_filled_in_is_told(string line, string problem) => Assert.Equal([problem], Wrong($"{Least}{line}\n"));

    [Fact]
    public void A_shell_s_own_brackets_and_variables_are_no_placeholders() =>
        Assert.Null(ClusterFile.Parse(Least + "setup_commands: ['tool <in >out', 'cat <<END', 'echo $YOUR_NAME ${YOUR_NAME}', 'sort <list>sorted']\n", "c.yaml").Problems.FirstOrDefault());

    [Fact]
    public void A_problem_shows_a_long_or_strange_value_in_one_short_line()
    {
        var problem = Assert.Single(Wrong($"{Least}max_workers: \"{new string('9', 1000)}\\n\"\n"));

        Assert.True(problem.Length < 200, problem);
        Assert.DoesNotContain('\n', Assert.Single(Wrong($"{Least}max_workers: \"1\\n2\"\n")));
    }

    [Fact]
    public void After_a_hundred_problems_the_rest_is_counted()
    {
        var wrong = Wrong(Least + string.Concat(Enumerable.Range(0, 250).Select(static i => $"unknown_{i}: 1\n")));

        Assert.Equal(101, wrong.Count);
        Assert.EndsWith("and 150 more problems.", wrong[100]);
    }

    [Fact]
    public void Aliases_cannot_make_a_small_file_large()
    {
        var bomb = "a0: &a0 {x: 1}\n" + string.Concat(Enumerable.Range(1, 60).Select(static i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n"));

        Assert.Contains(Wrong($"{Least}{bomb}<<: *a60\n"), static problem => problem.EndsWith("<< takes a mapping, as in <<: *anchor.", StringComparison.Ordinal));
    }

    [Fact]
    public void Sections_lie_only_so_deep() =>
        Assert.Equal(["c.yaml:1:34: this is no YAML: sections lie more than 32 deep."], Wrong(new string('[', 2000)));

    [Fact]
    public void A_huge_file_is_refused() =>
        Assert.Equal(["c.yaml:1:1: the file has more than 1 MiB."], Wrong(Least + "# " + new string('x', 1 << 20)));

    [Fact]
    public void A_file_that_cannot_be_read_is_a_problem_of_its_own()
    {
        Assert.Equal("/no/such.yaml:1:1: there is no such file.", Assert.Single(ClusterFile.Read("/no/such.yaml").Problems).ToString());
        Assert.Equal("/tmp:1:1: this is a folder.", Assert.Single(ClusterFile.Read("/tmp").Problems).ToString());
    }

    [Fact]
    public void Loading_a_wrong_file_fails_with_all_problems_one_on_each_line()
    {
        var failure = Assert.Throws<LaunchException>(static () => ClusterFile.Load("/no/such.yaml"));

        Assert.Equal(ExitCodes.Usage, failure.ExitCode);
        Assert.Equal("/no/such.yaml:1:1: there is no such file.", failure.Message);
    }

    private static List<string> Wrong(string text)
    {
        var result = ClusterFile.Parse(text, "c.yaml");
        Assert.Null(result.Configuration);
        return [.. result.Problems.Select(static problem => problem.ToString())];
    }
}
