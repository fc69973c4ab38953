using System.Runtime.InteropServices;

namespace Weft.Launcher;

/// <summary>Signals to processes that are not this one's children.</summary>
internal static class ProcessSignal
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>A process that is gone already is none to worry about.</summary>
    public static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
