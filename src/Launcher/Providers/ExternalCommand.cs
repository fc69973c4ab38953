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
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in withoutVariables)
        {
            info.Environment.Remove(variable);
        }

        using var process = Start(info);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(timeout);
        try
        {
            var output = ReadAsync(process.StandardOutput, ending.Token);
            var error = ReadAsync(process.StandardError, ending.Token);
            await WriteAsync(process.StandardInput, input, ending.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(ending.Token).ConfigureAwait(false);
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
