using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft manifest</c>: what would be submitted.</summary>
internal static class ManifestCommand
{
    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var command = new Command("manifest", "Print what 'weft up' would submit: job scripts, command lines") { file };
        command.SetAction(parsed => RunAsync(parsed.GetValue(file)!));
        return command;
    }

    public static async Task<int> RunAsync(string file)
    {
        await using var site = ClusterSite.Open(file, static _ => { });
        await Console.Out.WriteAsync(ClusterManifest.Of(site)).ConfigureAwait(false);
        return ExitCodes.Ok;
    }
}
