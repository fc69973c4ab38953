using System.Diagnostics;

namespace Weft.Clusters.Tests;

/// <summary>How a run of the <c>weft</c> program ended, and what it said.</summary>
internal sealed record WeftRun(int ExitCode, string Output, string Error)
{
    public static async Task<WeftRun> OfAsync(ProcessStartInfo info)
    {
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new WeftRun(process.ExitCode, output, await error);
    }

    public WeftRun Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
        return this;
    }

    public WeftRun Failed(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} and not {exitCode}\n{Output}\n{Error}");
        return this;
    }
}
