using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft exec</c>: a command on a cluster's head.</summary>
internal static class ExecCommand
{
    public const string Name = "exec";

    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var words = new Argument<string[]>("COMMAND") { Arity = ArgumentArity.OneOrMore, Description = "One word: a line for the shell; several: a program and its arguments" };
        var dryRun = ValueOptions.Flag("--dry-run", "Print what the shell there would run, and do nothing");
        var command = new Command(Name, "Run a command on a cluster's head; ends with its exit code") { file, words, dryRun };
        command.SetAction(parsed => RunAsync(parsed.GetValue(file)!, parsed.GetValue(words)!, parsed.GetValue(dryRun)));
        return command;
    }

    private static async Task<int> RunAsync(string file, string[] words, bool isDryRun)
    {
        await using var site = ClusterSite.Open(file, static _ => { });
        var shell = new HeadShell(site);
        if (isDryRun)
        {
            await Console.Out.WriteAsync(await shell.DescribeAsync(words, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
            return ExitCodes.Ok;
        }

        if (Terminal.IsThere)
        {
            using var ignored = Terminal.LeaveInterruptsToChildren();
            return await shell.RunAsync(words, withTerminal: true, CancellationToken.None).ConfigureAwait(false);
        }

        using var signals = new StopSignals();
        return await shell.RunAsync(words, withTerminal: false, signals.Token).ConfigureAwait(false);
    }
}
