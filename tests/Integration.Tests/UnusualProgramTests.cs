using System.Diagnostics;
using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>
/// Programs that are not built as programs usually are, started as their users start them: once with a cluster of their own, within their process, and once
/// against worker processes that get their code over the wire.
/// </summary>
public sealed class UnusualProgramTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-program-");
    private ProcessCluster? _cluster;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _cluster = await ProcessCluster.StartAsync(new ProcessClusterOptions { Workers = 1, Log = output.WriteLine }, Ended);

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_without_a_project_and_without_dynamic_code_is_a_program_like_any_other()
    {
        Take("FileBased");
        string[] expected = ["dynamic code: False", "total: 65", "last: Order { Id = 9, Text = order 9, sent }", "failed: no such zone", "later: 40"];

        Assert.Equal(expected, await RunAsync("dotnet", "run", "app.cs"));
        Assert.Equal(expected, await RunAsync("dotnet", "run", "app.cs", "--", _cluster!.SchedulerFile));
    }

    [Fact]
    public async Task An_FSharp_program_maps_its_closures_over_its_unions()
    {
        Take("FSharp");
        string[] expected = ["areas: [4.142; 5.0]", "total: 9.142", "failed: on purpose"];

        await RunAsync("dotnet", "build", "-v", "q", "-nologo");
        Assert.Equal(expected, await RunAsync("dotnet", "run", "--no-build"));
        Assert.Equal(expected, await RunAsync("dotnet", "run", "--no-build", "--", _cluster!.SchedulerFile));
    }

    [Fact]
    public async Task An_FSharp_script_ships_what_it_compiled_in_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Code without a file is read through /proc/self/mem.");
        Take("FSharpScript");
        string[] expected = ["last: order 9", "total: 45"];

        Assert.Equal(expected, await RunAsync("dotnet", "fsi", $"--lib:{RealProcesses.ProgramFolder}", "script.fsx"));
        Assert.Equal(expected, await RunAsync("dotnet", "fsi", $"--lib:{RealProcesses.ProgramFolder}", "script.fsx", _cluster!.SchedulerFile));
    }

    [Fact]
    public async Task A_program_in_a_single_file_ships_assemblies_that_have_no_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Code without a file is read through /proc/self/mem.");
        Take("FileBased");
        Take("SingleFile");
        File.Delete(InFolder("Directory.Build.targets"));
        var lines = await File.ReadAllLinesAsync(InFolder("app.cs"), Ended);
        await File.WriteAllLinesAsync(InFolder("app.cs"), lines.Where(static line => !line.StartsWith("#:", StringComparison.Ordinal)), Ended);
        string[] expected = ["dynamic code: True", "total: 65", "last: Order { Id = 9, Text = order 9, sent }", "failed: no such zone", "later: 40"];

        await RunAsync("dotnet", "publish", "-o", "published", "-v", "q", "-nologo");

        Assert.Empty(Directory.EnumerateFiles(InFolder("published"), "*.dll"));
        Assert.Equal(expected, await RunAsync(InFolder("published/Single")));
        Assert.Equal(expected, await RunAsync(InFolder("published/Single"), _cluster!.SchedulerFile));
    }

    private string InFolder(string path) => Path.Combine(_folder.FullName, path);

    /// <summary>Away from the repository, whose build settings are not a user's.</summary>
    private void Take(string program)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RealProcesses.SourceFolder, "Programs", program)))
        {
            File.Copy(file, InFolder(Path.GetFileName(file)));
        }
    }

    /// <returns>The lines that it printed. It must end well.</returns>
    private async Task<string[]> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["WEFT_BUILT"] = RealProcesses.ProgramFolder;

        // Nothing that a build starts may outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEndAsync(Ended);
        var complained = process.StandardError.ReadToEndAsync(Ended);
        await process.WaitForExitAsync(Ended);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{await printed}\n{await complained}");
        return (await printed).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
