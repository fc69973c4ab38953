using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft status</c>: the cluster at a glance.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var cluster = ClusterFileArgument.Create();
        cluster.Arity = ArgumentArity.ZeroOrOne;
        var file = SchedulerFileOption.Create();
        var json = ValueOptions.Flag("--json", "Print one JSON document");
        var command = new Command("status", "Show a cluster at a glance; ends with 0 when it can be reached") { cluster, file, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var reach = await SchedulerReachArgument.OpenAsync(parsed, parsed.GetValue(cluster), file, cancellation).ConfigureAwait(false);
            var info = await reach.AskAsync(cancellation).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? StatusText.ToJson(info) : StatusText.ToTable(info)).ConfigureAwait(false);
            return ExitCodes.Ok;
        });
        return command;
    }
}
