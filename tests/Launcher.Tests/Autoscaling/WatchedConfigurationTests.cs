namespace Weft.Launcher.Tests.Autoscaling;

public sealed class WatchedConfigurationTests : IDisposable
{
    private const string Plain = "cluster_name: demo\nprovider: {type: local}\n";

    private readonly string _root = Directory.CreateTempSubdirectory("weft-watched-").FullName;

    private ClusterFolder Folder => new(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_file_that_is_the_same_has_not_changed()
    {
        var watched = Watch();
        File.WriteAllText(Folder.ConfigurationFile, Plain);

        Assert.False(watched.HasChanged());
        Assert.Null(watched.Problem);
        Assert.Equal(Folder.SchedulerFile, watched.Current.SchedulerFile);
    }

    [Fact]
    public void Another_file_that_can_be_used_has_changed()
    {
        var watched = Watch();
        File.WriteAllText(Folder.ConfigurationFile, Plain + "max_workers: 3\n");

        Assert.True(watched.HasChanged());
        Assert.Null(watched.Problem);
    }

    [Theory]
    [InlineData(Plain + "max_wrokers: 3\n", "the cluster file has changed and cannot be used: ")]
    [InlineData("cluster_name: demo\nprovider: {type: sge}\n", "the cluster file names another provider or scheduler file")]
    [InlineData(Plain + "scheduler_file: /elsewhere/scheduler.json\n", "the cluster file names another provider or scheduler file")]
    public void A_file_that_cannot_be_used_changes_nothing_and_is_told_of(string text, string told)
    {
        var watched = Watch();
        File.WriteAllText(Folder.ConfigurationFile, text);

        Assert.False(watched.HasChanged());
        Assert.StartsWith(told, watched.Problem, StringComparison.Ordinal);
        Assert.False(watched.HasChanged());
        Assert.StartsWith(told, watched.Problem, StringComparison.Ordinal);
        Assert.Equal("local", watched.Current.ProviderType);

        File.WriteAllText(Folder.ConfigurationFile, Plain + "max_workers: 3\n");
        Assert.True(watched.HasChanged());
        Assert.Null(watched.Problem);
    }

    [Fact]
    public void A_file_that_is_away_for_a_moment_has_not_changed()
    {
        var watched = Watch();
        File.Delete(Folder.ConfigurationFile);

        Assert.False(watched.HasChanged());
        Assert.Null(watched.Problem);
    }

    [Fact]
    public void Without_a_file_there_is_nothing_to_begin_with() => Assert.Throws<LaunchException>(() => new WatchedConfiguration(Folder));

    private WatchedConfiguration Watch()
    {
        File.WriteAllText(Folder.ConfigurationFile, Plain);
        return new WatchedConfiguration(Folder);
    }
}
