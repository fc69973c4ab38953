namespace Weft.Launcher.Tests;

public sealed class ClusterDownTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-down-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_clean_up_that_fails_is_a_line_and_not_a_failure_of_its_own()
    {
        // Its folder is there, and not to be removed.
        var file = Path.Combine(_folder, "cluster.yaml");
        await File.WriteAllTextAsync(file, $"cluster_name: {Path.GetFileName(_folder)}\nprovider: {{type: local}}\nmax_workers: 1\nscheduler_file: /proc/self/status\n", TestContext.Current.CancellationToken);
        var lines = new List<string>();
        await using var site = ClusterSite.Open(file, lines.Add);

        await new ClusterDown(site, lines.Add).CleanUpAsync();

        Assert.StartsWith("not all could be taken down ('weft down' tries again): ", Assert.Single(lines), StringComparison.Ordinal);
    }
}
