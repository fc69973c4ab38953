using System.Diagnostics;
using System.Runtime.Versioning;

namespace Weft.Launcher.Tests;

/// <summary>The scripts that start and end jobs, in shells of this machine. What watches over a job is a script, too.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class JobScriptsTests : IDisposable
{
    private const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Begins = "echo '{\"started\":1}' > \"$2/job.json\"";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-scripts-").FullName;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>No other has it.</summary>
    private string Cluster => Path.GetFileName(_folder);

    private string Jobs => Path.Combine(_folder, "the jobs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_job_has_the_mask_of_whoever_starts_it_and_its_folder_is_for_the_user_alone()
    {
        var started = await StartAsync($"umask > \"$2/mask\"; echo said; {Begins}", before: "umask 027\n");

        Assert.Equal((0, "", ""), (started.ExitCode, started.Output, started.Error));
        Assert.Equal(["0027", "said"], [(await ReadAsync("mask")).Trim(), (await ReadAsync("output.log")).Trim()]);
        Assert.Equal(Ours | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(Jobs, "a")));
        Assert.All(["output.log", "job.json"], name => Assert.Equal(Ours, File.GetUnixFileMode(Path.Combine(Jobs, "a", name))));
    }

    [Theory]
    [InlineData("", "exit 1")]
    [InlineData("rm -r '.up/program'", Begins)]
    [InlineData("exec < /", Begins)]
    public async Task A_start_that_fails_leaves_the_name_free(string fault, string supervisor)
    {
        var failed = await StartAsync(supervisor, before: $"cd '{Jobs}'; {fault}\n");

        Assert.Equal(1, failed.ExitCode);
        Assert.False(Path.Exists(Path.Combine(Jobs, "a")));
        Assert.Equal(0, (await StartAsync(Begins)).ExitCode);
        Assert.Equal(JobScripts.Exists, (await StartAsync(Begins)).ExitCode);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_not_taken_for_one_that_is_there()
    {
        var failed = await StartAsync(Begins, id: new string('a', 1000));

        Assert.Equal(1, failed.ExitCode);
        Assert.NotEmpty(failed.Error);
    }

    [Fact]
    public Task What_runs_ends_though_it_cannot_be_written_down_that_it_is_to() => StopAsync("/bin/sh", path: "$PATH");

    [Fact]
    public async Task What_runs_ends_where_all_programs_are_those_of_busybox()
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        Assert.Equal(0, (await ExternalCommand.RunAsync("busybox", ["--install", "-s", programs], input: null, Ended)).ExitCode);

        await StopAsync($"{programs}/sh", programs);
    }

    private async Task StopAsync(string shell, string path)
    {
        using var process = Marked(JobMarks.Job, "exec sleep 1000");
        using var supervisor = Marked(JobMarks.Supervisor, $"while kill -0 {process.Id} 2> /dev/null; do sleep 0.1; done");

        try
        {
            // There is no folder of this job any more.
            var stopped = await RunAsync($"PATH={path}\n{JobScripts.Stop(Cluster, Jobs, id: null, TimeSpan.FromSeconds(10))}", shell: shell);

            Assert.Equal((0, ""), (stopped.ExitCode, stopped.Output));
            await Task.WhenAll(process.WaitForExitAsync(Ended), supervisor.WaitForExitAsync(Ended)).WaitAsync(Patience, Ended);
        }
        finally
        {
            process.Kill();
        }
    }

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(Jobs, "a", name), Ended);

    /// <summary>A process of the job.</summary>
    private Process Marked(string mark, string script)
    {
        var info = new ProcessStartInfo("/bin/sh", ["-c", script]);
        info.Environment[NodeMarks.Cluster] = Cluster;
        info.Environment[mark] = "a";
        return Process.Start(info)!;
    }

    /// <param name="supervisor">Gets the job's folder as its second argument.</param>
    /// <param name="before">Runs before the script, in the same shell.</param>
    /// <param name="id">The job's.</param>
    private async Task<CommandResult> StartAsync(string supervisor, string before = "", string id = "a")
    {
        Directory.CreateDirectory(Path.Combine(Jobs, ".up", "program"));
        var program = Path.Combine(_folder, "weft");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{supervisor}\n", Ended);
        File.SetUnixFileMode(program, Ours | UnixFileMode.UserExecute);
        return await RunAsync(before + JobScripts.Start(Cluster, Jobs, id, ".up", program, environment: "", []), "{}");
    }

    private static Task<CommandResult> RunAsync(string script, string? input = null, string shell = "/bin/sh") =>
        ExternalCommand.RunAsync(shell, ["-c", script], input, Ended);
}
