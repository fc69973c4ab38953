using System.Runtime.InteropServices;

namespace Weft.Cli;

/// <summary>The terminal that a person sits at.</summary>
internal static class Terminal
{
    public static bool IsThere => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>Ctrl-C is then for the program in front, which may go on after it. Until it is disposed.</summary>
    public static IDisposable LeaveInterruptsToChildren() => PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
}
