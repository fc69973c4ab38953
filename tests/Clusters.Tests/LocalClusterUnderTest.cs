using System.Diagnostics;

namespace Weft.Clusters.Tests;

/// <summary>Nodes that are processes of this machine, with a home of their own.</summary>
internal sealed class LocalClusterUnderTest : ClusterUnderTest
{
    private readonly TemporaryFolder _folder;

    private LocalClusterUnderTest(TemporaryFolder folder)
        : base(folder.Path) => _folder = folder;

    public static LocalClusterUnderTest Create() => new(new TemporaryFolder());

    public string ClusterFolder => Path.Combine(Folder, ".weft", "clusters", Name);

    protected override string Provider => "provider: {type: local}";

    public override ProcessStartInfo Command(IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(Path.Combine(RealProcesses.ProgramFolder, "weft"), arguments);
        info.Environment["HOME"] = Folder;
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
