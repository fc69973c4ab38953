using System.Diagnostics;
using System.Runtime.Versioning;

namespace Weft.Launcher.Tests;

/// <summary>The scripts that start and end jobs, in shells of this machine.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class JobScriptsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-scripts-").FullName;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>No other has it.</summary>
    private string Cluster => Path.GetFileName(_folder);

    private string Jobs => Path.Combine(_folder, "the jobs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task What_runs_ends_though_it_cannot_be_written_down_that_it_is_to() => StopAsync("/bin/sh", path: "$PATH");

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

    /// <summary>A process of the job.</summary>
    private Process Marked(string mark, string script)
    {
        var info = new ProcessStartInfo("/bin/sh", ["-c", script]);
        info.Environment[NodeMarks.Cluster] = Cluster;
        info.Environment[mark] = "a";
        return Process.Start(info)!;
    }

    private static Task<CommandResult> RunAsync(string script, string? input = null, string shell = "/bin/sh") =>
        ExternalCommand.RunAsync(shell, ["-c", script], input, Ended);
}
