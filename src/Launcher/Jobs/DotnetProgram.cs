using System.Runtime.InteropServices;

namespace Weft.Launcher;

/// <summary>The <c>dotnet</c> program that runs and builds others on this machine.</summary>
internal static class DotnetProgram
{
    public const string RootVariable = "DOTNET_ROOT";

    private const string Name = "dotnet";

    /// <summary>The folder of the .NET that runs this process; null: it brought its own.</summary>
    public static string? Root { get; } = RootOf(RuntimeEnvironment.GetRuntimeDirectory());

    /// <summary>A path, or the name that the shell finds.</summary>
    public static string Path => Root is null ? Name : System.IO.Path.Combine(Root, Name);

    /// <summary>The runtime is in <c>ROOT/shared/Microsoft.NETCore.App/VERSION/</c>.</summary>
    private static string? RootOf(string runtime)
    {
        var root = System.IO.Path.GetFullPath(System.IO.Path.Combine(runtime, "..", "..", ".."));
        return File.Exists(System.IO.Path.Combine(root, Name)) ? root : null;
    }
}
