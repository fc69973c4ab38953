using Weft.Providers.Tests.Ssh;

namespace Weft.Clusters.Tests;

/// <summary>Programs on a head that is reached by SSH only: all that is asked of it goes through scripts and copies there.</summary>
[Trait("Category", "System")]
public sealed class SshJobTests(SshServer server) : IClassFixture<SshServer>
{
    [Fact]
    public async Task A_job_on_a_host_is_brought_there_runs_is_stopped_and_outlives_its_cluster_as_a_log()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder());
        cluster.Write(minimum: 1, maximum: 1);
        var endless = Script(folder, "endless", "trap 'echo told to end; exit 3' TERM; echo begun; while :; do sleep 0.1; done");
        var whoami = Script(folder, "who", "id -un; weft status --json > status.json && echo \"$1\"; exit 4");

        var run = (await WeftAsync(cluster, "submit", "--up", cluster.File, whoami, "it's --up")).Failed(4);
        Assert.Equal("weft-a\nit's --up\n", run.Output);
        (await WeftAsync(cluster, "submit", "-d", "--name", "endless", cluster.File, endless)).Succeeded();
        Assert.Equal("weft-a\n", (await WeftAsync(cluster, "exec", cluster.File, "id", "-un")).Succeeded().Output);
        (await WeftAsync(cluster, "cp", cluster.File, $"head:.weft/clusters/{cluster.Name}/jobs/endless/job.json", folder.Path)).Succeeded();
        Assert.Contains("\"id\":\"endless\"", await File.ReadAllTextAsync(Path.Combine(folder.Path, "job.json")));
        (await WeftAsync(cluster, "job", "stop", cluster.File, "endless")).Succeeded();
        (await WeftAsync(cluster, "submit", "--down-after", "--name", "last", cluster.File, whoami)).Failed(4);

        await Wait.UntilAsync("nothing of the cluster runs", () => Task.FromResult(cluster.Processes().Count == 0));
        Assert.Equal([], (await cluster.LeftInSystemAsync()).Split('\n').Where(static left => !left.Contains("weft-a")));
        Assert.EndsWith("told to end\n", (await WeftAsync(cluster, "job", "logs", "-f", cluster.File, "endless")).Succeeded().Output);
        Assert.Contains("failed: exit code 4", (await WeftAsync(cluster, "job", "status", cluster.File, "last")).Failed(1).Output);

        // What is kept for people is nothing that a test leaves.
        (await WeftAsync(cluster, "down", "--yes", cluster.File)).Succeeded();
        Directory.Delete($"/home/weft-a/.weft/clusters/{cluster.Name}", recursive: true);
    }

    private static Task<WeftRun> WeftAsync(SshClusterUnderTest cluster, params string[] arguments) => WeftRun.OfAsync(cluster.Command(arguments));

    private static string Script(TemporaryFolder folder, string name, string text)
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        return path;
    }
}
