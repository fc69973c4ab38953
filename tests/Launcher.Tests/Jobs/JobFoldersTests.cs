using System.Diagnostics;
using System.Globalization;

namespace Weft.Launcher.Tests;

/// <summary>The folders of jobs on a head, by the script that makes room for another.</summary>
public sealed class JobFoldersTests : IDisposable
{
    private readonly string _jobs = Directory.CreateTempSubdirectory("weft jobs ").FullName;

    /// <summary>No other has it.</summary>
    private string Cluster => Path.GetFileName(_jobs).Replace(' ', '-');

    public void Dispose() => Directory.Delete(_jobs, recursive: true);

    [Fact]
    public void Of_jobs_that_are_over_the_newest_are_kept_and_all_that_run()
    {
        for (var age = 0; age < JobScripts.OverMax + 10; age++)
        {
            Job($"over-{age}", """{"started": "…", "ended": "…"}""", age);
        }

        Job("runs", """{"started": "…"}""", age: 1000);
        Job("left", """{"started": "…"}""", age: 1000);
        using var supervisor = Marked(JobMarks.Supervisor, "runs");
        using var process = Marked(JobMarks.Job, "left");

        Prepare();
        supervisor.Kill();
        process.Kill();

        // One place is for the job to come.
        Assert.Equal(Enumerable.Range(0, JobScripts.OverMax - 1).Select(static age => $"over-{age}").Concat([".new.1", "left", "runs"]).Order(StringComparer.Ordinal), Left());
    }

    [Fact]
    public void Lost_jobs_of_which_nothing_lives_count_as_over()
    {
        for (var age = 0; age < JobScripts.OverMax + 10; age++)
        {
            Job($"lost-{age}", """{"started": "…"}""", age);
        }

        Prepare();

        Assert.Equal(Enumerable.Range(0, JobScripts.OverMax - 1).Select(static age => $"lost-{age}").Append(".new.1").Order(StringComparer.Ordinal), Left());
    }

    [Fact]
    public void Of_few_jobs_none_goes()
    {
        Job("runs", "{}", age: 0);
        File.WriteAllText(Path.Combine(_jobs, "a file"), "");

        Prepare();

        Assert.Equal([".new.1", "a file", "runs"], Left());
    }

    [Fact]
    public void Where_there_is_no_job_none_goes()
    {
        Prepare();

        Assert.Equal([".new.1"], Left());
    }

    private IEnumerable<string?> Left() => Directory.EnumerateFileSystemEntries(_jobs).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private void Job(string id, string record, int age)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_jobs, id)).FullName, "job.json");
        File.WriteAllText(file, record);
        File.SetLastWriteTimeUtc(file, DateTime.Parse("2026-01-02", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - TimeSpan.FromMinutes(age));
    }

    /// <summary>A process of a job of the cluster.</summary>
    private Process Marked(string mark, string id)
    {
        var info = new ProcessStartInfo("/bin/sleep", ["1000"]);
        info.Environment[NodeMarks.Cluster] = Cluster;
        info.Environment[mark] = id;
        return Process.Start(info)!;
    }

    private void Prepare()
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", JobScripts.Prepare(Cluster, _jobs, "new", ".new.1")]))!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
