using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft status</c>: the cluster at a glance.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var file = SchedulerFileOption.Create();
        var json = ValueOptions.Flag("--json", "Print one JSON document");
        var command = new Command("status", "Show a cluster at a glance; ends with 0 when it can be reached") { file, json };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.Required(file), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool asJson, CancellationToken cancellation)
    {
        var result = await new SchedulerSearch(file, null, TimeProvider.System, static _ => { }).TryAsync(cancellation).ConfigureAwait(false);
        if (result.Info is null)
        {
            throw new LaunchException(result.ExitCode, result.Message);
        }

        await Console.Out.WriteLineAsync(asJson ? StatusText.ToJson(result.Info) : StatusText.ToTable(result.Info)).ConfigureAwait(false);
        return ExitCodes.Ok;
    }
}
