using System.Diagnostics;
using System.Runtime.Versioning;
using Weft.Launcher.Tests.Configuration;

namespace Weft.Launcher.Tests.Nodes;

/// <summary>Nodes' scripts in a real shell, with programs that say what they were given.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class NodeScriptRunTests : IDisposable
{
    private const string Least = "cluster_name: demo\nprovider: {type: local}\n";

    private readonly string _home = Directory.CreateTempSubdirectory("weft node's ").FullName;

    public NodeScriptRunTests()
    {
        Program("weft", """for word; do printf '[%s]' "$word"; done; printf ' %s %s\n' "${A-}" "$WEFT_NODE" """);
        Program("docker", """
            printf 'docker %s\n' "$1"
            [ "$1" = run ] || exit 0
            for word; do printf '[%s]' "$word"; done; printf '\n'
            exec /bin/sh -s
            """);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void The_worker_gets_its_arguments_whatever_is_in_them()
    {
        var (code, output, error) = Run($"{Least}env: {{A: \"it's\\n$HOME\"}}\nstorage: '~/a $b'\n");

        Assert.Equal("", error);
        Assert.Equal($"[worker][--scheduler-file][{_home}/x y/scheduler.json][--name][worker-3][--nworkers][1][--nthreads][1][--memory-limit][auto][--local-directory][{_home}/a $b] it's\n$HOME worker-3\n", output);
        Assert.Equal(0, code);
    }

    [Fact]
    public void A_command_that_fails_ends_the_node_with_its_exit_code_and_one_line()
    {
        var (code, output, error) = Run($"{Least}setup_commands: [echo one, \"exit 7\\n# more\", echo three]\n");

        Assert.Equal((7, "one\n", "weft: setup command 2 ended with exit code 7: exit 7\n"), (code, output, error));
    }

    [Fact]
    public void A_command_is_a_shell_of_its_own()
    {
        var (code, output, _) = Run($"{Least}setup_commands: [cd / && A=c && export A && exit 0, cat, 'pwd; echo \"$A\"']\nenv: {{A: b}}\n");

        Assert.Equal(0, code);
        Assert.StartsWith($"{_home}\nb\n[worker]", output);
    }

    [Fact]
    public void A_command_that_is_no_shell_text_is_told_like_any_other()
    {
        var (code, output, error) = Run($"{Least}setup_commands: [\"echo 'open\"]\n");

        Assert.NotEqual(0, code);
        Assert.Equal("", output);
        Assert.EndsWith($"weft: setup command 1 ended with exit code {code}: echo 'open\n", error);
    }

    [Fact]
    public void In_a_container_the_same_runs_within()
    {
        var (code, output, error) = Run($"{Least}docker: {{image: team/run, run_options: [-v \"$HOME:/h\"]}}\nsetup_commands: [cat, \"echo 'in'\"]\nenv: {{A: b c}}\n");

        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.Equal(
            $"""
            docker pull
            docker run
            [run][--rm][--init][--interactive][--network][host][--name][weft-demo-worker-3][--env][HOME][--env][WEFT_CLUSTER][--env][WEFT_NODE_TYPE][--env][WEFT_NODE][--env][A][-v][{_home}/bin:{_home}/bin:ro][-v][{_home}/x y:{_home}/x y:ro][-v][{_home}:/h][team/run][/bin/sh][-s]
            in
            [worker][--scheduler-file][{_home}/x y/scheduler.json][--name][worker-3][--nworkers][1][--nthreads][1][--memory-limit][auto] b c worker-3

            """,
            output);
    }

    [Fact]
    public void A_host_s_cores_are_counted_by_its_shell()
    {
        Program("nproc", "echo 6");

        var (_, output, error) = Run("cluster_name: demo\nprovider: {type: ssh, head_ip: a, worker_ips: [b]}\navailable_node_types: {worker: {resources: {memory: 800B, GPU: 1}, nworkers: 4}}\n".Replace("GPU: 1", "GPU: 4"));

        Assert.Equal("", error);
        Assert.Contains("[--nworkers][4][--nthreads][1][--memory-limit][200B][--resources][GPU=1]", output);
    }

    [Fact]
    public void A_host_has_its_cores_whatever_the_environment_says_of_threads()
    {
        Program("nproc", "echo \"${OMP_NUM_THREADS:-${OMP_THREAD_LIMIT:-6}}\"");

        var (_, output, error) = Run("cluster_name: demo\nprovider: {type: ssh, head_ip: a, worker_ips: [b]}\nenv: {OMP_NUM_THREADS: 1, OMP_THREAD_LIMIT: 2, A: b}\navailable_node_types: {worker: {resources: {memory: 600B}}}\n");

        Assert.Equal("", error);
        Assert.Contains("[--nworkers][6][--nthreads][1][--memory-limit][100B]", output);
    }

    private void Program(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_home, "bin")).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private (int Code, string Output, string Error) Run(string file)
    {
        var cluster = ClusterFileTests.Right(file);
        var script = Path.Combine(_home, "node.sh");
        File.WriteAllText(script, NodeScript.Worker(cluster, cluster.NodeTypes[0], new NodePaths("~/bin/weft", "~/x y/scheduler.json", "~/x y")));
        var start = new ProcessStartInfo("/bin/sh", [script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _home };
        start.Environment.Clear();
        start.Environment["HOME"] = _home;
        start.Environment["PATH"] = $"{_home}/bin:/usr/bin:/bin";
        start.Environment["WEFT_NODE"] = "worker-3";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
