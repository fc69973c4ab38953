using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft up</c>: a running cluster from a file.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var wait = ValueOptions.Flag("--wait", "Also wait for nodes that are in a queue");
        var dryRun = ValueOptions.Flag("--dry-run", "Print what would be submitted, and do nothing");
        var command = new Command("up", "Bring a cluster up, or the running one to what the file says now") { file, wait, dryRun };
        command.SetAction(parsed => parsed.GetValue(dryRun)
            ? ManifestCommand.RunAsync(parsed.GetValue(file)!)
            : RunAsync(parsed.GetValue(file)!, parsed.GetValue(wait)));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool waitForAll)
    {
        using var signals = new StopSignals();
        await using var site = ClusterSite.Open(file, Say);
        foreach (var note in site.Configuration.Notes)
        {
            Say(note);
        }

        await using var reach = await new ClusterUp(site, Say).RunAsync(waitForAll, signals.Token).ConfigureAwait(false);
        await Console.Out.WriteLineAsync(await ClusterText.OfAsync(site, reach).ConfigureAwait(false)).ConfigureAwait(false);
        return ExitCodes.Ok;
    }

    private static void Say(string line) => Console.Error.WriteLine($"weft up: {line}");
}
