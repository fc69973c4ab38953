using System.Diagnostics;
using System.Reflection;

namespace Weft.Clusters.Tests;

/// <summary>Nodes that are jobs of a real batch system on this machine, of an ordinary user of it, with a copy of the program of his own.</summary>
internal sealed class QueueClusterUnderTest : ClusterUnderTest
{
    private const string User = "hpc";

    private readonly string _type;
    private readonly string _settings;
    private readonly string _jobs;

    private QueueClusterUnderTest(string folder, string type, string settings, string jobs)
        : base(folder) => (_type, _settings, _jobs) = (type, settings, jobs);

    protected override string Provider => $"provider: {{type: {_type}{(_settings.Length > 0 ? ", " : "")}{_settings}}}";

    public string Program => Path.Combine(Folder, "program", "weft");

    private string ClusterFolder => Path.Combine("/home", User, ".weft", "clusters", Name);

    public static Task<QueueClusterUnderTest> GridEngineAsync(string settings = "queue: weft", string head = "") => StartAsync("grid-engine", "sge", settings, "qstat -r", head);

    public static Task<QueueClusterUnderTest> SlurmAsync(string settings = "") => StartAsync("slurm", "slurm", settings, "squeue --noheader --format '%i %j %k %T'");

    public override ProcessStartInfo Command(IReadOnlyList<string> arguments) => AsUser([Program, .. arguments]);

    public override Task<ReachedCluster> ReachAsync() => Task.FromResult(new ReachedCluster(Path.Combine(ClusterFolder, "scheduler.json")));

    /// <summary>The numbers of the cluster's jobs: an array job is one.</summary>
    public async Task<IReadOnlyList<string>> JobsAsync()
    {
        var list = (await WeftRun.OfAsync(AsUser(["qstat", "-r", "-u", User]))).Succeeded().Output.Split('\n');
        return [.. list.Zip(list.Skip(1)).Where(pair => pair.Second.Contains($"weft.{Name}.", StringComparison.Ordinal)).Select(static pair => pair.First.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).Distinct()];
    }

    public override async Task<string> LeftInSystemAsync() =>
        Directory.Exists(ClusterFolder) ? $"{ClusterFolder} is there" : string.Join('\n', (await WeftRun.OfAsync(AsUser(["sh", "-c", _jobs]))).Succeeded().Output.Split('\n').Where(line => line.Contains(Name, StringComparison.Ordinal)));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static ProcessStartInfo AsUser(IReadOnlyList<string> command) =>
        new("runuser", ["-u", User, "--", "env", "-C", "/", $"HOME=/home/{User}", $"USER={User}", $"LOGNAME={User}", .. command]);

    private static async Task<QueueClusterUnderTest> StartAsync(string system, string type, string settings, string jobs, string head = "")
    {
        var systems = typeof(QueueClusterUnderTest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static metadata => metadata.Key == "SystemsFolder").Value!;
        (await WeftRun.OfAsync(new ProcessStartInfo("/bin/sh", [Path.Combine(systems, system, "setup.sh")]))).Succeeded();
        var folder = (await WeftRun.OfAsync(AsUser(["mktemp", "-d", $"/home/{User}/weft-XXXXXX"]))).Succeeded().Output.Trim();
        (await WeftRun.OfAsync(new ProcessStartInfo("cp", ["-r", RealProcesses.ProgramFolder, Path.Combine(folder, "program")]))).Succeeded();
        (await WeftRun.OfAsync(new ProcessStartInfo("chmod", ["-R", "a+rX", folder]))).Succeeded();
        return new QueueClusterUnderTest(folder, type, settings, jobs) { Head = head };
    }
}
