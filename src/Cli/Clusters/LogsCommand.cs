using System.CommandLine;
using System.Globalization;
using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Cli;

/// <summary><c>weft logs</c>: what the head or a node has written.</summary>
internal static class LogsCommand
{
    private const int LinesMax = 1_000_000;
    private const int LinesUsual = 100;

    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var node = new Argument<string>("NODE") { Description = "A node's name, as weft status shows it (default: the head)", DefaultValueFactory = static _ => "head-1" };
        var lines = ValueOptions.Create("--lines", "N", $"The last so many lines (default: {LinesUsual})", ParseLines, LinesUsual);
        lines.Aliases.Add("-n");
        var command = new Command("logs", "Print the last lines that a node has written") { file, node, lines };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(file)!, parsed.GetValue(node)!, parsed.GetValue(lines), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string file, string name, int lines, CancellationToken cancellation)
    {
        if (!NodeId.TryParse(name == "head" ? "head-1" : name, out var node))
        {
            throw new LaunchException(ExitCodes.Usage, $"NODE: '{name}' is not a node's name: TYPE-NUMBER, for example worker-1, or head.");
        }

        await using var site = ClusterSite.Open(file, static _ => { });
        foreach (var line in await new ClusterLogs(site).ReadAsync(node, lines, cancellation).ConfigureAwait(false))
        {
            await Console.Out.WriteLineAsync(line).ConfigureAwait(false);
        }

        return ExitCodes.Ok;
    }

    private static int ParseLines(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= LinesMax
            ? count
            : throw new FormatException($"'{text}' is not a whole number from 1 to {LinesMax}.");
}
