namespace Weft.Launcher.Tests;

/// <summary>What a start does while its head's system does not answer, or has no head any more.</summary>
public sealed class HeadWaitTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-wait-").FullName;
    private readonly List<string> _said = [];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_system_that_does_not_answer_just_now_is_told_of_once_and_asked_again()
    {
        await using var site = Open("locked");
        var wait = new HeadWait(site, new HeadLaunch(site), _said.Add);

        Assert.Null(await wait.LookAsync(Ended));
        Assert.Null(await wait.LookAsync(Ended));

        Assert.Equal(["somebody is looking for the key"], _said);
    }

    [Fact]
    public async Task A_head_that_is_not_there_any_more_has_ended()
    {
        await using var site = Open("upper");

        var failure = await Assert.ThrowsAsync<HeadEndedException>(() => new HeadWait(site, new HeadLaunch(site), _said.Add).LookAsync(Ended));

        Assert.Equal((ExitCodes.Failure, "the head ended."), (failure.ExitCode, failure.Message));
    }

    [Fact]
    public async Task A_start_that_fails_before_it_knows_what_is_there_takes_nothing_down()
    {
        await using var site = Open("locked");

        var failure = await Assert.ThrowsAsync<LaunchException>(() => new ClusterUp(site, _said.Add).RunAsync(waitForAll: false, Ended));

        Assert.Equal("somebody is looking for the key", failure.Message);
        Assert.Empty(_said);
    }

    private ClusterSite Open(string shelf)
    {
        var file = Path.Combine(_root, "cluster.yaml");
        File.WriteAllText(file, $"cluster_name: wait\nprovider: {{type: external, module: ExternalProvider, shelf: {shelf}}}\nhead: {{run_as: job}}\n");
        return ClusterSite.Open(file, _said.Add);
    }
}
