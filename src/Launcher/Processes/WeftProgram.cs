using System.Diagnostics;

namespace Weft.Launcher;

/// <summary>The <c>weft</c> program on this machine.</summary>
public static class WeftProgram
{
    /// <summary>Names the program where it is not beside this one.</summary>
    public const string Variable = "WEFT_PROGRAM";

    /// <summary>This program itself if it is <c>weft</c>, else the one that <c>WEFT_PROGRAM</c> names, else the one in this program's folder.</summary>
    /// <exception cref="LaunchException">There is none.</exception>
    public static ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        if (IsThis)
        {
            return SelfCommand.Create(arguments);
        }

        return new ProcessStartInfo(Path, arguments) { UseShellExecute = false };
    }

    /// <summary>The program's file, by the same rule: what a job inherits from the daemons of a queue says nothing about the program that it runs.</summary>
    /// <exception cref="LaunchException">There is none.</exception>
    public static string Path
    {
        get
        {
            var path = !IsThis && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
                ? System.IO.Path.GetFullPath(named)
                : System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "weft.exe" : "weft");
            return File.Exists(path) ? path : throw new LaunchException(ExitCodes.Failure, $"there is no program {path}: set {Variable} to the weft program.");
        }
    }

    private static bool IsThis => System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name == "weft";
}
