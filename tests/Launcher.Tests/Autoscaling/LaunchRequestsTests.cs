using Weft.Autoscaler.Core;
using Weft.Launcher.Tests.Configuration;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class LaunchRequestsTests
{
    private static readonly string Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static readonly ClusterConfiguration Configuration = ClusterFileTests.Right(
        """
        cluster_name: demo
        provider: {type: local}
        weft_program: /opt/weft/weft
        cluster_synced_files: [~/notes]
        file_mounts: {/data/in: /etc}
        rsync_exclude: ["*.tmp"]
        available_node_types:
          cpu: {max_workers: 4, resources: {CPU: 2, memory: 1GB} }
          gpu: {max_workers: 4, resources: {CPU: 1} }
        """) with
    { SchedulerFile = $"{Home}/.weft/clusters/demo/scheduler.json" };

    private static readonly ClusterFolder Folder = new($"{Home}/.weft/clusters/demo");

    [Fact]
    public void A_request_has_the_type_and_numbers_of_the_order_and_what_the_file_says_of_the_type()
    {
        var request = new LaunchRequests(Configuration, Folder, "/opt/weft/weft").Of(new LaunchNodes("gpu", 3, 2, IsSpot: true));

        Assert.Equal(("gpu", 3, 2, true, 1), (request.Type, request.First, request.Count, request.IsSpot, request.Capacity.Slots));
        Assert.Contains(" --scheduler-file \"$HOME\"/.weft/clusters/demo/scheduler.json ", request.Script, StringComparison.Ordinal);
        Assert.Contains("exec /opt/weft/weft worker ", request.Script, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_get_the_scheduler_file_the_mounts_and_what_is_synced_at_the_same_place_below_their_home()
    {
        var files = new LaunchRequests(Configuration, Folder, "/opt/weft/weft").Of(new LaunchNodes("cpu", 1, 1, IsSpot: false)).Files;

        Assert.Equal(
            [($"{Home}/.weft/clusters/demo/scheduler.json", "~/.weft/clusters/demo/scheduler.json", ""), ("/etc", "/data/in", "*.tmp"), ($"{Home}/notes", "~/notes", "*.tmp")],
            files.Select(static file => (file.Source, file.Target, string.Join(' ', file.Exclude))));
    }

    [Theory]
    [InlineData("~", "{home}")]
    [InlineData("~/a b", "{home}/a b")]
    [InlineData("~other/a", "~other/a")]
    [InlineData("/a/~/b", "/a/~/b")]
    [InlineData("a", "a")]
    public void A_path_with_a_tilde_is_below_the_home(string path, string expanded) => Assert.Equal(expanded.Replace("{home}", Home), HomePath.Expand(path));

    [Theory]
    [InlineData("{home}/a/b", "~/a/b")]
    [InlineData("{home}", "{home}")]
    [InlineData("{home}er/a", "{home}er/a")]
    [InlineData("/x{home}/a", "/x{home}/a")]
    [InlineData("~/a", "~/a")]
    public void A_path_below_the_home_is_the_same_below_every_home(string path, string portable) =>
        Assert.Equal(portable.Replace("{home}", Home), HomePath.ToPortable(path.Replace("{home}", Home)));
}
