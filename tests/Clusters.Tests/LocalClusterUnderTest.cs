using System.Diagnostics;

namespace Weft.Clusters.Tests;

/// <summary>Nodes that are processes of this machine, with a home of their own.</summary>
internal sealed class LocalClusterUnderTest : ClusterUnderTest
{
    private readonly TemporaryFolder _folder;
    private readonly string _home;

    private LocalClusterUnderTest(TemporaryFolder folder, string home)
        : base(folder.Path) => (_folder, _home) = (folder, home);

    public string ClusterFolder => Path.Combine(_home, ".weft", "clusters", Name);

    public static LocalClusterUnderTest Create()
    {
        var folder = new TemporaryFolder();
        return new LocalClusterUnderTest(folder, folder.Path);
    }

    /// <summary>In the home of whoever runs the tests, for what runs in this process.</summary>
    public static LocalClusterUnderTest InHome() => new(new TemporaryFolder(), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    protected override string Provider => "provider: {type: local}";

    public override ProcessStartInfo Command(IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(Path.Combine(RealProcesses.ProgramFolder, "weft"), arguments);
        info.Environment["HOME"] = _home;
        return info;
    }

    public override Task<ReachedCluster> ReachAsync() => Task.FromResult(new ReachedCluster(Path.Combine(ClusterFolder, "scheduler.json")));

    public override Task<string> LeftInSystemAsync() => Task.FromResult(Directory.Exists(ClusterFolder) ? $"{ClusterFolder} is there" : "");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
