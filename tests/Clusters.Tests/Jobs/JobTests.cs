using System.Text.Json;

namespace Weft.Clusters.Tests;

/// <summary>Programs that are submitted to a cluster, by the real <c>weft</c> program as people use it.</summary>
public sealed class JobTests(RunningCluster cluster) : IClassFixture<RunningCluster>
{
    /// <summary>Says so when it is told to end; another process of it is in a session of its own, and deaf.</summary>
    private const string Endless = "setsid sh -c 'trap \"\" HUP; while :; do sleep 1000; done' &\ntrap 'echo told to end; exit 3' TERM\necho begun\nwhile :; do sleep 0.1; done";

    private ClusterHome Home => cluster.Home;

    [Fact]
    public async Task A_project_that_uses_the_client_is_built_and_runs_on_the_cluster_and_its_exit_code_is_ours()
    {
        Directory.CreateDirectory(Home.InHome("Job"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RealProcesses.SourceFolder, "Programs/Job")))
        {
            File.Copy(file, Home.InHome($"Job/{Path.GetFileName(file)}"));
        }

        var run = await Home.WeftAsync("submit", Home.File, "Job/Job.csproj", "9");

        Assert.Equal(("total: 285\n", 9), (run.Output, run.ExitCode));
    }

    [Fact]
    public async Task What_a_build_complains_of_is_shown_and_nothing_is_run()
    {
        await File.WriteAllTextAsync(Home.InHome("wrong.cs"), "Console.WriteLine(nothing);");

        var run = await Home.WeftAsync("submit", "--name", "wrong", Home.File, "wrong.cs");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.ErrorLines, static line => line.Contains("wrong.cs(1,19): error CS0103", StringComparison.Ordinal));
        Assert.Equal(2, (await Home.WeftAsync("job", "status", Home.File, "wrong")).ExitCode);
    }

    [Fact]
    public async Task A_file_without_a_project_gets_its_arguments_and_variables_as_they_are()
    {
        await File.WriteAllTextAsync(Home.InHome("say.cs"), "Console.WriteLine($\"{string.Join('|', args)} {Environment.GetEnvironmentVariable(\"COLOUR\")} {Environment.GetEnvironmentVariable(\"SHAPE\")}\"); return args.Length;");

        var run = await Home.WeftAsync("submit", Home.File, "--env", "SHAPE=a 'b' $c", "say.cs", "--up", "--name", "it's");

        Assert.Equal(("--up|--name|it's red a 'b' $c\n", 3), (run.Output, run.ExitCode));
    }

    [Fact]
    public async Task An_assembly_is_run_with_its_folder_and_finds_the_scheduler()
    {
        var run = await Home.WeftAsync("submit", Home.File, Path.Combine(RealProcesses.ProgramFolder, "weft.dll"), "status", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Home.Name, JsonDocument.Parse(run.Output).RootElement.GetProperty("nodes").GetProperty("cluster").GetString());
    }

    [Fact]
    public async Task A_detached_job_is_followed_and_is_stopped_with_all_its_processes()
    {
        var submitted = await Home.WeftAsync("submit", "--detach", "--name", "endless", Home.File, Home.Script("endless.sh", Endless));
        Assert.Equal(("endless\n", 0), (submitted.Output, submitted.ExitCode));
        using var follower = Home.Start("job", "logs", "-f", Home.File, "end");
        Assert.Equal("begun", await follower.StandardOutput.ReadLineAsync());
        Assert.Equal("running", await StateAsync("endless"));
        Assert.NotEmpty(ClusterHome.Marked("WEFT_JOB", "endless"));
        Assert.Equal(2, (await Home.WeftAsync("submit", "--name", "endless", Home.File, Home.InHome("endless.sh"))).ExitCode);

        var stopped = await Home.WeftAsync("job", "stop", Home.File, "endless");

        Assert.Equal(0, stopped.ExitCode);
        Assert.Empty(ClusterHome.Marked("WEFT_JOB", "endless"));
        Assert.EndsWith("told to end\n", await follower.StandardOutput.ReadToEndAsync());
        await follower.WaitForExitAsync();
        Assert.Equal(0, follower.ExitCode);
        Assert.Equal("stopped", await StateAsync("endless"));
        Assert.Equal(1, (await Home.WeftAsync("job", "status", Home.File, "endless")).ExitCode);
    }

    [Theory]
    [InlineData(RealProcesses.Sigkill, 137)]
    [InlineData(15, 143)]
    public async Task A_job_outlives_whoever_submitted_it(int signal, int exitCode)
    {
        var (name, go) = ($"patient-{signal}", Home.InHome($"go-{signal}"));
        var script = Home.Script($"{name}.sh", $"echo begun; until [ -e {go} ]; do sleep 0.1; done; echo over");
        using var submitter = Home.Start("submit", "--name", name, Home.File, script);
        Assert.Equal("begun", await submitter.StandardOutput.ReadLineAsync());

        RealProcesses.Signal(submitter.Id, signal);
        await submitter.WaitForExitAsync();
        await File.WriteAllTextAsync(go, "");
        var logs = await Home.WeftAsync("job", "logs", "--follow", Home.File, name);

        Assert.Equal(exitCode, submitter.ExitCode);
        Assert.Equal(("begun\nover\n", 0), (logs.Output, logs.ExitCode));
        Assert.Equal("succeeded", await StateAsync(name));
    }

    [Fact]
    public async Task Whoever_waits_for_a_job_and_is_interrupted_ends_it()
    {
        using var submitter = Home.Start("submit", "--name", "interrupted", Home.File, Home.Script("interrupted.sh", Endless));
        Assert.Equal("begun", await submitter.StandardOutput.ReadLineAsync());

        RealProcesses.Signal(submitter.Id, 2);
        await submitter.WaitForExitAsync();

        Assert.Equal(130, submitter.ExitCode);
        Assert.Equal("stopped", await StateAsync("interrupted"));
        Assert.Empty(ClusterHome.Marked("WEFT_JOB", "interrupted"));
    }

    [Fact]
    public async Task Ctrl_C_which_is_for_all_in_front_ends_the_job_too()
    {
        using var submitter = Home.StartInGroup("submit", "--name", "in-front", Home.File, Home.Script("in-front.sh", Endless));
        Assert.Equal("begun", await submitter.StandardOutput.ReadLineAsync());

        RealProcesses.Signal(-submitter.Id, RealProcesses.Sigint);
        var said = await submitter.StandardError.ReadToEndAsync();
        await submitter.WaitForExitAsync();

        Assert.Equal(130, submitter.ExitCode);
        Assert.EndsWith("weft submit: ending job in-front.\n", said, StringComparison.Ordinal);
        Assert.Equal("stopped", await StateAsync("in-front"));
        Assert.Empty(ClusterHome.Marked("WEFT_JOB", "in-front"));
        Assert.Empty(ClusterHome.Marked("WEFT_JOB_SUPERVISOR", "in-front"));
    }

    [Fact]
    public async Task A_job_whose_supervisor_was_killed_is_lost_and_what_is_left_of_it_can_be_ended()
    {
        await Home.WeftAsync("submit", "-d", "--name", "orphan", Home.File, Home.Script("orphan.sh", Endless));

        RealProcesses.Kill(Assert.Single(ClusterHome.Marked("WEFT_JOB_SUPERVISOR", "orphan")));

        await RealProcesses.Until("the job is lost", async () => await StateAsync("orphan") == "lost");
        Assert.Equal(0, (await Home.WeftAsync("job", "logs", "-f", Home.File, "orphan")).ExitCode);
        Assert.NotEmpty(ClusterHome.Marked("WEFT_JOB", "orphan"));
        Assert.Equal(0, (await Home.WeftAsync("job", "stop", Home.File, "orphan")).ExitCode);
        Assert.Empty(ClusterHome.Marked("WEFT_JOB", "orphan"));
    }

    [Fact]
    public async Task A_program_that_cannot_be_run_is_a_job_that_failed()
    {
        var nothing = Home.Script("nothing.sh", "");
        await File.WriteAllTextAsync(nothing, "#!/no/such/shell\n");

        var run = await Home.WeftAsync("submit", "--name", "nothing", Home.File, nothing);

        Assert.Equal(126, run.ExitCode);
        Assert.StartsWith("weft: program/nothing.sh cannot be run: ", run.Output);
        Assert.Equal("failed", await StateAsync("nothing"));
    }

    private async Task<string?> StateAsync(string id)
    {
        var run = await Home.WeftAsync("job", "list", "--json", Home.File);
        Assert.Equal(0, run.ExitCode);
        return JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Single(job => job.GetProperty("id").GetString() == id).GetProperty("state").GetString();
    }
}
