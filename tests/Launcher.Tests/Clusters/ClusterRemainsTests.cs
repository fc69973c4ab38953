namespace Weft.Launcher.Tests;

public sealed class ClusterRemainsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-remains-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_jobs_and_nodes_have_written_stays_and_all_else_goes()
    {
        var folder = new ClusterFolder(_root + "/demo");
        var elsewhere = Write("elsewhere/kept");
        string[] stays = [Write("demo/logs/cpu-1.log"), Write("demo/jobs/1/output"), Write("demo/nodes/cpu-1.exit")];
        Write("demo/scheduler.json");
        Write("demo/target.json");
        Write("demo/journal/1/segment");
        string[] scripts = [Write("demo/nodes/cpu-1.sh"), Write("demo/nodes/host/cpu-2.sh"), Write("demo/scripts/cpu-3.sh")];
        File.CreateSymbolicLink(folder.Path + "/file", elsewhere);
        Directory.CreateSymbolicLink(folder.Path + "/link", Path.GetDirectoryName(elsewhere)!);
        File.CreateSymbolicLink(folder.Path + "/nowhere", "/no/such/file");

        ClusterRemains.Remove(folder, folder.SchedulerFile, "off");

        Assert.Equal(["jobs", "logs", "nodes"], Directory.EnumerateFileSystemEntries(folder.Path).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.All([.. stays, elsewhere], static path => Assert.True(File.Exists(path)));
        Assert.All(scripts, static path => Assert.False(File.Exists(path)));
    }

    [Fact]
    public void Where_nothing_is_nothing_goes() => ClusterRemains.Remove(new ClusterFolder(_root + "/none"), _root + "/none/scheduler.json", "auto");

    [Theory]
    [InlineData("auto", false)]
    [InlineData("JOURNAL", true)]
    public void The_journal_beside_a_scheduler_file_elsewhere_goes_and_one_that_somebody_named_stays(string journal, bool stays)
    {
        var fact = Write("shared/s.json.journal/log-1-1");

        ClusterRemains.Remove(new ClusterFolder(_root + "/demo"), _root + "/shared/s.json", journal == "JOURNAL" ? _root + "/shared/s.json.journal" : journal);

        Assert.Equal(stays, File.Exists(fact));
    }

    private string Write(string path)
    {
        var file = new FileInfo(Path.Combine(_root, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, "text");
        return file.FullName;
    }
}
