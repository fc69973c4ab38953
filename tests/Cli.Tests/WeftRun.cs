using System.Diagnostics;

namespace Weft.Cli.Tests;

/// <summary>One run of the real <c>weft</c> program, to its end.</summary>
internal sealed record WeftRun(int ExitCode, string Output, string[] ErrorLines)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "weft.exe" : "weft");

    public static Task<WeftRun> OfAsync(params string[] arguments) => OfAsync(Start(arguments));

    public static async Task<WeftRun> OfAsync(Process process)
    {
        using (process)
        {
            using var patience = new CancellationTokenSource(Patience);
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new WeftRun(process.ExitCode, await output, (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    public static Process Start(params string[] arguments)
    {
        var info = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment.Remove("WEFT_SCHEDULER_FILE");
        return Process.Start(info)!;
    }
}
