using System.Diagnostics;

namespace Weft.Integration.Tests;

/// <summary>One run of a program, to its end.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string[] ErrorLines)
{
    public static async Task<ProgramRun> OfAsync(string program, params string[] arguments)
    {
        using var patience = new CancellationTokenSource(RealProcesses.Patience);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var printed = process.StandardOutput.ReadToEndAsync(patience.Token);
        var complained = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new ProgramRun(process.ExitCode, await printed, (await complained).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
