using System.Runtime.InteropServices;

namespace Weft.Launcher;

/// <summary>
/// Makes a worker process end with its supervisor, however that ends: a queue's <c>qdel</c> is SIGKILL, and nothing may be left running.
/// </summary>
public static class ParentWatch
{
    private const int PrSetPdeathsig = 1;
    private const int Sigkill = 9;

    /// <summary>To be called first thing in the child. The parent must have started it by a thread that stays.</summary>
    /// <param name="parentId">The process that started this one.</param>
    public static void Begin(int parentId)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Prctl(PrSetPdeathsig, Sigkill, 0, 0, 0);
            if (GetParentId() != parentId)
            {
                // It was gone before the kernel was asked.
                Environment.Exit(ExitCodes.Failure);
            }

            return;
        }

        new Thread(EndWithInput) { IsBackground = true, Name = "parent watch" }.Start();
    }

    /// <summary>Where the kernel does not help: the input is a pipe from the parent, and ends with it.</summary>
    private static void EndWithInput()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Environment.Exit(ExitCodes.Failure);
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int GetParentId();
}
