using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Runs the programs that users have set up for their systems: <c>qsub</c>, <c>ssh</c>, <c>rsync</c>. Output is bounded, time too.</summary>
internal static class ExternalCommand
{
    /// <summary>Of each stream; what is beyond is read and dropped.</summary>
    private const int OutputCharsMax = 64 << 20;

    /// <summary>Batch systems answer in milliseconds, and in a minute when they are busy.</summary>
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(60);

    /// <summary>128 and SIGINT.</summary>
    private const int Interrupted = 130;

    /// <summary>For a signal that has come to a program here to come to this one as well.</summary>
    private static readonly TimeSpan SignalTime = TimeSpan.FromSeconds(1);

    private static readonly string? Setsid = OperatingSystem.IsLinux() ? ProgramSearch.Find("setsid") : null;

    /// <summary>Runs a program that asks a system something, as <see cref="RunProgram"/>.</summary>
    public static Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellation) =>
        RunAsync(program, arguments, input, UsualTimeout, cancellation);

    /// <summary>The same for programs that are not to see some variables of this process.</summary>
    public static RunProgram Without(params IReadOnlyList<string> variables) =>
        (program, arguments, input, cancellation) => RunAsync(program, arguments, input, UsualTimeout, variables, cancellation);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Looked up as a shell does.</param>
    /// <param name="arguments">Handed over as they are: no shell sees them.</param>
    /// <param name="input">What it reads; null: nothing.</param>
    /// <param name="timeout">It is killed, with its children, after so long.</param>
    /// <param name="cancellation">Kills it, with its children.</param>
    /// <exception cref="ProviderException">There is no such program, or it took too long.</exception>
    public static Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, string? input, TimeSpan timeout, CancellationToken cancellation) =>
        RunAsync(program, arguments, input, timeout, [], cancellation);

    /// <summary>
    /// Starts a program that is talked to by its input, output and errors. In a session of its own, where there is <c>setsid</c>: Ctrl-C at a terminal, which is for all processes of a session that are in
    /// front, is then for this one alone, which knows what is to end.
    /// </summary>
    /// <param name="program">Looked up as a shell does.</param>
    /// <param name="arguments">Handed over as they are.</param>
    /// <param name="withoutVariables">Of this process, that it is not to see.</param>
    /// <exception cref="ProviderException">There is no such program, or it may not be run.</exception>
    public static Process StartApart(string program, IReadOnlyList<string> arguments, params IReadOnlyList<string> withoutVariables)
    {
        // It becomes the program, as the same process: a child of this one leads no group yet. Of a program that is not there it would tell by an exit code.
        var info = Setsid is { } setsid && ProgramSearch.Find(program) is not null ? new ProcessStartInfo(setsid, [program, .. arguments]) : new ProcessStartInfo(program, arguments);
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        foreach (var variable in withoutVariables)
        {
            info.Environment.Remove(variable);
        }

        return Start(info);
    }

    /// <exception cref="ProviderException">There is no such program, or it may not be run.</exception>
    public static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception failure)
        {
            throw new ProviderException(FailureKind.Permanent, $"the program '{info.FileName}' cannot be run: {failure.Message}", failure);
        }
    }

    private static async Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string? input, TimeSpan timeout, IReadOnlyList<string> withoutVariables, CancellationToken cancellation)
    {
        using var process = StartApart(program, arguments, withoutVariables);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(timeout);
        try
        {
            var output = ReadAsync(process.StandardOutput, ending.Token);
            var error = ReadAsync(process.StandardError, ending.Token);
            await WriteAsync(process.StandardInput, input, ending.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(ending.Token).ConfigureAwait(false);
            if (process.ExitCode == Interrupted)
            {
                // Ctrl-C has met it before its session was its own, and may be about to cancel this.
                await Task.Delay(SignalTime, ending.Token).ConfigureAwait(false);
            }

            return new CommandResult(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            ChildProcesses.End(process);
            cancellation.ThrowIfCancellationRequested();
            throw new ProviderException(FailureKind.Transient, $"{program} took longer than {timeout.TotalSeconds:0} s: {string.Join(' ', arguments)}");
        }
    }

    private static async Task WriteAsync(StreamWriter to, string? input, CancellationToken cancellation)
    {
        try
        {
            await to.WriteAsync(input.AsMemory(), cancellation).ConfigureAwait(false);
            to.Close();
        }
        catch (IOException)
        {
            // It has ended without reading all: its exit code says what that means.
        }
    }

    private static async Task<string> ReadAsync(StreamReader from, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new char[16 << 10];
        while (await from.ReadAsync(buffer, cancellation).ConfigureAwait(false) is var count && count > 0)
        {
            text.Append(buffer, 0, Math.Min(count, OutputCharsMax - text.Length));
        }

        return text.ToString();
    }
}
