using System.CommandLine;
using Weft.Launcher;
using Weft.Scheduler;

namespace Weft.Cli;

/// <summary><c>weft journal</c>: what a scheduler keeps for its next start.</summary>
internal static class JournalCommand
{
    public static Command Create() => new("journal", "Look at what a scheduler keeps for its next start") { CreateInspect() };

    private static Command CreateInspect()
    {
        var folder = new Argument<string>("DIR") { Description = "The journal's folder" };
        var json = ValueOptions.Flag("--json", "Print one JSON document");
        var command = new Command("inspect", "Say what is in a journal; ends with 0 when a start can read it, 1 when it is damaged. Changes nothing") { folder, json };
        command.SetAction(parsed => Inspect(parsed.GetValue(folder)!, parsed.GetValue(json)));
        return command;
    }

    private static int Inspect(string folder, bool asJson)
    {
        try
        {
            var report = JournalReport.Of(Path.GetFullPath(folder));
            Console.Out.WriteLine(asJson ? JournalText.ToJson(report) : JournalText.ToTable(report));
            return report.Damage is null ? ExitCodes.Ok : ExitCodes.Failure;
        }
        catch (JournalException failure)
        {
            throw new LaunchException(ExitCodes.Usage, $"DIR: {failure.Message}");
        }
    }
}
