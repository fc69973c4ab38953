using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft down</c>: ends a cluster, and looks that nothing is left.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var yes = ValueOptions.Flag("--yes", "Do not ask");
        yes.Aliases.Add("-y");
        var dryRun = ValueOptions.Flag("--dry-run", "Print what would be ended, and do nothing");
        var command = new Command("down", "End a cluster with all its nodes, and look that nothing is left") { file, yes, dryRun };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(file)!, parsed.GetValue(yes), parsed.GetValue(dryRun), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool isSure, bool isDryRun, CancellationToken cancellation)
    {
        await using var site = ClusterSite.Open(file, Say);
        var name = site.Configuration.ClusterName;
        var down = new ClusterDown(site, Say);
        if (isDryRun)
        {
            var nodes = await down.FindAsync(cancellation).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(nodes.Count == 0 ? $"nothing of cluster {name} is there." : string.Join('\n', nodes)).ConfigureAwait(false);
            return ExitCodes.Ok;
        }

        if (!isSure && !IsConfirmed(name))
        {
            return ExitCodes.Failure;
        }

        var ended = await down.RunAsync(cancellation).ConfigureAwait(false);
        await Console.Out.WriteLineAsync(ended == 0 ? $"nothing of cluster {name} was there." : $"cluster {name} is down: {ended} nodes were ended, and none is left.").ConfigureAwait(false);
        return ExitCodes.Ok;
    }

    private static bool IsConfirmed(string name)
    {
        if (Console.IsInputRedirected)
        {
            throw new LaunchException(ExitCodes.Usage, $"weft down asks before it ends cluster {name}, and there is no terminal: give --yes.");
        }

        Console.Error.Write($"End cluster {name} with all its nodes, tasks and results? [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Say(string line) => Console.Error.WriteLine($"weft down: {line}");
}
