using System.Diagnostics;

namespace Weft.Clusters.Tests;

/// <summary>A home of its own with a cluster file in it, and the <c>weft</c> program to use it. No other cluster of this user has its name: by that its processes are found, whatever their home.</summary>
public sealed class ClusterHome : IAsyncDisposable
{
    private static int _homes;

    private readonly TemporaryFolder _home = new();

    public ClusterHome()
    {
        // Without it the SDK knows no folder for the files that it makes.
        Directory.CreateDirectory(Path.Combine(Folder, ".local/share"));
        File = InHome("cluster.yaml");
        System.IO.File.WriteAllText(File, $"cluster_name: {Name}\nprovider: {{type: local}}\nmax_workers: 2\nenv: {{COLOUR: red}}\nhead: {{port: 0, status_port: 0}}\n");
    }

    private static string Program => Path.Combine(RealProcesses.ProgramFolder, "weft");

    public string Name { get; } = $"jobs-{Environment.ProcessId}-{Interlocked.Increment(ref _homes)}";

    public string Folder => _home.Path;

    public string File { get; }

    public string Jobs => InHome($".weft/clusters/{Name}/jobs");

    public string InHome(string path) => Path.Combine(Folder, path);

    /// <summary>A shell script that may be run.</summary>
    public string Script(string name, string text)
    {
        var path = InHome(name);
        System.IO.File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    public Process Start(params string[] arguments) => StartProgram(Program, arguments);

    /// <summary>The same as the leader of a process group, as a shell starts programs at a terminal.</summary>
    public Process StartInGroup(params string[] arguments) => StartProgram("setsid", [Program, .. arguments]);

    internal async Task<ProgramRun> WeftAsync(params string[] arguments)
    {
        using var patience = new CancellationTokenSource(2 * RealProcesses.Patience);
        using var process = Start(arguments);
        process.StandardInput.Close();
        var printed = process.StandardOutput.ReadToEndAsync(patience.Token);
        var complained = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new ProgramRun(process.ExitCode, await printed, (await complained).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Processes of this user with a variable of this value in their environment.</summary>
    public static int[] Marked(string variable, string value)
    {
        var mark = $"{variable}={value}";
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(static name => char.IsAsciiDigit(name![0])).Where(id => VariablesOf(id!).Contains(mark)).Select(static id => int.Parse(id!))];
    }

    public async ValueTask DisposeAsync()
    {
        var down = await WeftAsync("down", "--yes", File);
        Assert.Equal(0, down.ExitCode);
        _home.Dispose();
    }

    private Process StartProgram(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");
        info.Environment["HOME"] = Folder;
        info.Environment["WEFT_BUILT"] = RealProcesses.ProgramFolder;
        info.Environment["DOTNET_NOLOGO"] = "1";

        // Nothing that a build starts may outlive the test.
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        info.Environment["UseSharedCompilation"] = "false";
        info.Environment.Remove("WEFT_SCHEDULER_FILE");
        return Process.Start(info)!;
    }

    private static string[] VariablesOf(string id)
    {
        try
        {
            return System.IO.File.ReadAllText($"/proc/{id}/environ").Split('\0');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
