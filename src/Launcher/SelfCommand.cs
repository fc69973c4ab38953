using System.Diagnostics;
using System.Reflection;

namespace Weft.Launcher;

/// <summary>How this very program is started again: by its own executable, or by <c>dotnet</c> and its assembly.</summary>
public static class SelfCommand
{
    public static ProcessStartInfo Create(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path to start itself again from.");
        var info = new ProcessStartInfo(program) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } assembly)
        {
            info.ArgumentList.Add(assembly);
        }

        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }
}
