using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft cp</c>: files to and from a cluster's head.</summary>
internal static class CopyCommand
{
    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var source = new Argument<string>("SOURCE") { Description = "A file or folder here, or head:PATH" };
        var target = new Argument<string>("TARGET") { Description = "The same; one of both is on the head" };
        var dryRun = ValueOptions.Flag("--dry-run", "Print what would be copied to where, and do nothing");
        var command = new Command("cp", "Copy files and folders to and from a cluster's head") { file, source, target, dryRun };
        command.SetAction(async parsed =>
        {
            using var signals = new StopSignals();
            await using var site = ClusterSite.Open(parsed.GetValue(file)!, static _ => { });
            var copied = await new HeadCopy(site).RunAsync(parsed.GetValue(source)!, parsed.GetValue(target)!, parsed.GetValue(dryRun), signals.Token).ConfigureAwait(false);
            if (parsed.GetValue(dryRun))
            {
                await Console.Out.WriteLineAsync(copied).ConfigureAwait(false);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
