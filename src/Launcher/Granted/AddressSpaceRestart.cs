using System.Collections;
using System.Runtime.InteropServices;

namespace Weft.Launcher;

/// <summary>
/// Under a limit on virtual memory this process starts itself again, in its own place and under its own id, with
/// <see cref="AddressSpaceLimit.Setting"/>: it is read at a process's start, and a queue's users cannot be asked to set it.
/// </summary>
public static class AddressSpaceRestart
{
    /// <summary>To be called first thing in Main. Does not return when the process was started again.</summary>
    public static void IfLimited(HostView host, IEnumerable<string> arguments)
    {
        if (!OperatingSystem.IsLinux()
            || host.Environment(AddressSpaceLimit.Setting.Key) is not null
            || AddressSpaceLimit.Of(host) is not { Objection: null })
        {
            return;
        }

        var command = SelfCommand.Create(arguments);
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value);
        environment[AddressSpaceLimit.Setting.Key] = AddressSpaceLimit.Setting.Value;

        // Returns only when it failed, and then this process is the best one to be had.
        _ = Execve(
            command.FileName,
            [command.FileName, .. command.ArgumentList, null],
            [.. environment.Select(static variable => $"{variable.Key}={variable.Value}"), null]);
    }

    /// <summary>Arrays end with null. The marshaller's "ANSI" is UTF-8 on this system.</summary>
    [DllImport("libc", EntryPoint = "execve", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Execve(string path, string?[] arguments, string?[] environment);
}
