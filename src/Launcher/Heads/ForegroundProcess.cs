using System.Diagnostics;

namespace Weft.Launcher;

/// <summary>Runs a program with this process's own input, output and terminal.</summary>
internal static class ForegroundProcess
{
    /// <summary>For a program to put the terminal back in order.</summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(2);

    /// <returns>Its exit code.</returns>
    /// <exception cref="Provisioning.ProviderException">There is no such program.</exception>
    public static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var process = ExternalCommand.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false });
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            ChildProcesses.AskToEnd(process);
            await Task.WhenAny(process.WaitForExitAsync(CancellationToken.None), Task.Delay(EndGrace, CancellationToken.None)).ConfigureAwait(false);
            ChildProcesses.End(process);
            throw;
        }
    }
}
