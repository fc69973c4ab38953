using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>Processes of this machine, by their ids.</summary>
internal static class RealProcesses
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The folder of the <c>weft</c> program: as it was built with these tests, or as whoever runs them has published it, which starts sooner.</summary>
    public static string ProgramFolder { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("WEFT_TESTED_PROGRAM_FOLDER") ?? Metadata("WeftProgramFolder"));

    public static string SourceFolder { get; } = Metadata("SourceFolder");

    [ModuleInitializer]
    internal static void NameProgram() => Environment.SetEnvironmentVariable(WeftProgram.Variable, Path.Combine(ProgramFolder, "weft"));

    public const int Sigint = 2;
    public const int Sigkill = 9;
    public const int Sigstop = 19;
    public const int Sigcont = 18;
    public const int Sigusr1 = 10;
    public const int Sigusr2 = 12;

    public static void Signal(int id, int signal) => Assert.Equal(0, SendSignal(id, signal));

    public static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    /// <summary>Ends a process that may have ended already.</summary>
    public static void TryKill(int id) => _ = SendSignal(id, Sigkill);

    /// <summary>Running; a zombie that nobody has reaped is not.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException)
        {
            return false;
        }
    }

    public static Task AreGone(params int[] ids) => Until($"processes {string.Join(", ", ids)} end", () => Task.FromResult(!ids.Any(IsAlive)));

    /// <summary>Waits until a condition holds; fails with its name.</summary>
    public static async Task Until(string what, Func<Task<bool>> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"Within {Patience.TotalSeconds} s it did not come about that {what}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);

    private static string Metadata(string key) =>
        typeof(RealProcesses).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
