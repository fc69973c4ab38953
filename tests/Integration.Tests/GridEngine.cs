using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Weft.Integration.Tests;

/// <summary>A real Grid Engine on this machine, and an ordinary user of it with a folder of his own.</summary>
internal sealed partial class GridEngine : IAsyncDisposable
{
    private const string User = "hpc";

    private readonly List<string> _jobs = [];

    private GridEngine(string folder) => Folder = folder;

    /// <summary>Where the user may read and write.</summary>
    public string Folder { get; }

    /// <summary>The user's copy of the program.</summary>
    public string Program => Path.Combine(Folder, "program", "weft");

    public static async Task<GridEngine> StartAsync()
    {
        await RunAsync("/bin/sh", [Path.Combine(RealProcesses.SourceFolder, "..", "Systems", "grid-engine", "setup.sh")]);
        var folder = (await AsUserAsync("mktemp -d ~/weft-XXXXXX")).Trim();
        var engine = new GridEngine(folder);
        await RunAsync("/bin/cp", ["-r", RealProcesses.ProgramFolder, Path.Combine(folder, "program")]);
        await RunAsync("/bin/chmod", ["-R", "a+rX", folder]);
        return engine;
    }

    /// <summary>Submits a job as a user would type it, and gives its number.</summary>
    public async Task<string> SubmitAsync(string arguments)
    {
        var answer = await AsUserAsync($"cd {Folder} && qsub {arguments}");
        var job = JobNumber().Match(answer).Groups[1].Value;
        Assert.True(job.Length > 0, $"qsub {arguments} answered: {answer}");
        _jobs.Add(job);
        return job;
    }

    public static Task DeleteAsync(string arguments) => AsUserAsync($"qdel {arguments}");

    /// <summary>All processes of the user's copy of the program, however they were started.</summary>
    public IReadOnlyList<int> Processes()
    {
        var found = new List<int>();
        foreach (var entry in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && RealProcesses.IsAlive(id)
                && CommandOf(entry).StartsWith(Program, StringComparison.Ordinal))
            {
                found.Add(id);
            }
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var job in _jobs)
        {
            // A job that has ended cannot be deleted: that is no failure here.
            await TryRunAsync("/bin/su", [User, "-c", $"qdel {job}"]);
        }

        await RealProcesses.Until("the jobs' processes are gone", () => Task.FromResult(Processes().Count == 0));
        Directory.Delete(Folder, recursive: true);
    }

    private static Task<string> AsUserAsync(string command) => RunAsync("/bin/su", [User, "-c", command]);

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var (exitCode, text) = await TryRunAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}: {text}");
        return text;
    }

    private static async Task<(int ExitCode, string Text)> TryRunAsync(string program, IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, text + await error);
    }

    private static string CommandOf(string processFolder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processFolder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"Your job(?:-array)? (\d+)")]
    private static partial Regex JobNumber();
}
