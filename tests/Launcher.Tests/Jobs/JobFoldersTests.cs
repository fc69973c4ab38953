using System.Diagnostics;
using System.Globalization;

namespace Weft.Launcher.Tests;

/// <summary>The folders of jobs on a head, by the script that makes room for another.</summary>
public sealed class JobFoldersTests : IDisposable
{
    private readonly string _jobs = Directory.CreateTempSubdirectory("weft jobs ").FullName;

    public void Dispose() => Directory.Delete(_jobs, recursive: true);

    [Fact]
    public void Of_jobs_that_are_over_the_newest_are_kept_and_all_that_run()
    {
        for (var age = 0; age < JobScripts.OverMax + 10; age++)
        {
            Job($"over-{age}", """{"started": "…", "ended": "…"}""", age);
            Job($"runs-{age}", """{"started": "…"}""", age);
        }

        Prepare();

        // One place is for the job to come.
        var left = Directory.EnumerateDirectories(_jobs).Select(Path.GetFileName).ToHashSet();
        Assert.Equal(Enumerable.Range(0, JobScripts.OverMax - 1).Select(static age => $"over-{age}").Order(), left.Where(static name => name!.StartsWith("over-", StringComparison.Ordinal)).Order());
        Assert.Equal(JobScripts.OverMax + 10, left.Count(static name => name!.StartsWith("runs-", StringComparison.Ordinal)));
        Assert.Contains(".new.1", left);
    }

    [Fact]
    public void Where_no_job_is_over_nothing_goes()
    {
        Job("runs", "{}", age: 0);
        File.WriteAllText(Path.Combine(_jobs, "a file"), "");

        Prepare();

        Assert.Equal([".new.1", "a file", "runs"], Directory.EnumerateFileSystemEntries(_jobs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private void Job(string id, string record, int age)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_jobs, id)).FullName, "job.json");
        File.WriteAllText(file, record);
        File.SetLastWriteTimeUtc(file, DateTime.Parse("2026-01-02", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - TimeSpan.FromMinutes(age));
    }

    private void Prepare()
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", JobScripts.Prepare("c", _jobs, "new", ".new.1")]))!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
