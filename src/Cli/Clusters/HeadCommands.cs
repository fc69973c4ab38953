using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft head</c> and <c>weft autoscale</c>: what <c>weft up</c> starts.</summary>
internal static class HeadCommands
{
    public static Command CreateHead()
    {
        var folder = FolderArgument();
        var command = new Command("head", "Keep the scheduler and the autoscaler of a cluster alive") { folder };
        command.Hidden = true;
        command.SetAction(async parsed =>
        {
            using var signals = new StopSignals();
            return await new HeadProcess(Path.GetFullPath(parsed.GetValue(folder)!), static line => Console.Error.WriteLine($"weft head: {line}")).RunAsync(signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    public static Command CreateAutoscale()
    {
        var folder = FolderArgument();
        var childOf = ChildOfOption.Create();
        var command = new Command("autoscale", "Launch and end the nodes of a cluster") { folder, childOf };
        command.Hidden = true;
        command.SetAction(async parsed =>
        {
            ChildOfOption.Watch(parsed.GetValue(childOf));
            using var signals = new StopSignals();
            await using var autoscaler = new AutoscalerProcess(Path.GetFullPath(parsed.GetValue(folder)!), static line => Console.Error.WriteLine($"weft autoscale: {line}"));
            return await autoscaler.RunAsync(signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    private static Argument<string> FolderArgument() => new("FOLDER") { Description = "The cluster's folder" };
}
