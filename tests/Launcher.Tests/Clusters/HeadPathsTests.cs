using Weft.Launcher.Tests.Configuration;

namespace Weft.Launcher.Tests;

/// <summary>Paths that begin with the home: the head's, not that of whoever starts the cluster.</summary>
public sealed class HeadPathsTests
{
    [Theory]
    [InlineData("~/x", "HOME/x")]
    [InlineData("/fast/x", "/fast/x")]
    [InlineData("auto", "auto")]
    [InlineData("off", "off")]
    public void The_head_s_journal_is_in_its_home_and_not_in_a_folder_that_is_called_so(string journal, string seen)
    {
        var configuration = ClusterFileTests.Right($"cluster_name: demo\nprovider: {{type: local}}\njournal: {journal}\n");

        Assert.Equal(seen.Replace("HOME", HomePath.Expand("~"), StringComparison.Ordinal), configuration.AsSeenFrom(new ClusterFolder("/demo")).Journal);
    }

    [Theory]
    [InlineData("scheduler_file: ~/shared/demo.json", """-v "$HOME"/.weft/clusters/demo:"$HOME"/.weft/clusters/demo -v "$HOME"/shared:"$HOME"/shared team/head """)]
    [InlineData("scheduler_file: ~/shared/demo.json\njournal: ~/shared", """-v "$HOME"/.weft/clusters/demo:"$HOME"/.weft/clusters/demo -v "$HOME"/shared:"$HOME"/shared team/head """)]
    [InlineData("scheduler_file: ~/.weft/clusters/demo/scheduler.json", """ -v "$HOME"/.weft/clusters/demo:"$HOME"/.weft/clusters/demo team/head """)]
    public async Task A_head_in_a_container_elsewhere_mounts_folders_of_its_own_home_and_none_twice(string lines, string mounts)
    {
        var folder = Directory.CreateTempSubdirectory("weft-paths-");
        try
        {
            var file = Path.Combine(folder.FullName, "cluster.yaml");
            await File.WriteAllTextAsync(file, $"cluster_name: demo\nprovider: {{type: ssh, head_ip: a, worker_ips: [b]}}\nweft_program: weft\ndocker: {{head_image: team/head}}\n{lines}\n", TestContext.Current.CancellationToken);
            await using var site = ClusterSite.Open(file, static _ => { });

            Assert.Contains(mounts, ClusterManifest.Of(site).Replace("'\\''", "'", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
