using Weft.Launcher.Tests.Configuration;

namespace Weft.Launcher.Tests;

public sealed class FileChangeTests
{
    private const string Plain = "cluster_name: demo\nprovider: {type: local}\nscheduler_file: /a/scheduler.json\n";

    [Theory]
    [InlineData("max_workers: 3\nhead: {port: 1}\n", "local", "/a/scheduler.json", "")]
    [InlineData("", "slurm", "/a/scheduler.json", "provider.type is local there and slurm here")]
    [InlineData("", "local", "/b/scheduler.json", "scheduler_file is /a/scheduler.json there and /b/scheduler.json here")]
    [InlineData("", "sge", "/b", "provider.type is local there and sge here, scheduler_file is /a/scheduler.json there and /b here")]
    public void Another_provider_or_scheduler_file_is_refused(string more, string provider, string schedulerFile, string refused)
    {
        var now = ClusterFileTests.Right($"cluster_name: demo\nprovider: {{type: {provider}}}\nscheduler_file: {schedulerFile}\n{more}");

        Assert.Equal(refused, string.Join(", ", FileChange.Refused(ClusterFileTests.Right(Plain), now)));
    }

    [Theory]
    [InlineData("", "max_workers: 3\nworker_setup_commands: [echo]\ndocker: {image: a}\n", "")]
    [InlineData("journal: auto\nenv: {A: b, C: d}\n", "# moved\nenv: {'C': d, A: b}\njournal: 'auto'\n", "")]
    [InlineData("journal:\n", "", "")]
    [InlineData("head: {port: 1}\n", "head: {port: 2}\n", "head")]
    [InlineData("head: {node_config: {queue: a}}\n", "head: {node_config: {queue: b}}\n", "head")]
    [InlineData("", "journal: off\nhead_setup_commands: [echo]\n", "head_setup_commands, journal")]
    [InlineData("setup_commands: [a, b]\n", "setup_commands: [b, a]\n", "setup_commands")]
    [InlineData("env: {A: b}\n", "env: {A: b, C: d}\n", "env")]
    [InlineData("docker: {image: a}\n", "docker: {image: a, head_image: b}\n", "docker")]
    public void Keys_that_a_head_reads_once_are_left_to_the_next_one(string before, string now, string left) =>
        Assert.Equal(left, string.Join(", ", FileChange.LeftToNextHead(Plain + before, Plain + now)));
}
