using System.CommandLine;
using System.Globalization;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft scale</c>: how many worker nodes a cluster is to have.</summary>
internal static class ScaleCommand
{
    private const int NodesMax = 1_000_000;

    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var nodes = new Argument<int?>("NODES")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Exactly so many worker nodes, whatever there is to do",
            CustomParser = static result => Parse("NODES", result.Tokens[0].Value, result.AddError),
        };
        var minimum = ValueOptions.Create("--min", "N", "At least so many", static int? (text) => ParseCount(text), null);
        var maximum = ValueOptions.Create("--max", "N", "At most so many; between them the number follows what there is to do", static int? (text) => ParseCount(text), null);
        var auto = ValueOptions.Flag("--auto", "Follow what there is to do, within the bounds of the file");
        var dryRun = ValueOptions.Flag("--dry-run", "Print what would be asked for, and do nothing");
        var command = new Command("scale", "Set how many worker nodes a cluster has") { file, nodes, minimum, maximum, auto, dryRun };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(file)!, parsed.GetValue(nodes), parsed.GetValue(minimum), parsed.GetValue(maximum), parsed.GetValue(auto), parsed.GetValue(dryRun), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string file, int? nodes, int? minimum, int? maximum, bool isAuto, bool isDryRun, CancellationToken cancellation)
    {
        var isBetween = minimum is not null || maximum is not null;
        if ((nodes is not null ? 1 : 0) + (isBetween ? 1 : 0) + (isAuto ? 1 : 0) != 1)
        {
            throw new LaunchException(ExitCodes.Usage, "weft scale needs one of NODES, --min/--max, or --auto.");
        }

        await using var site = ClusterSite.Open(file, static _ => { });
        await using var reach = await SchedulerReach.RequireAsync(site, cancellation).ConfigureAwait(false);
        if (!isDryRun)
        {
            await ClusterScaling.SetAsync(reach.SchedulerFile, nodes ?? minimum, nodes ?? maximum, cancellation).ConfigureAwait(false);
        }

        var wanted = nodes is { } exact
            ? Nodes(exact)
            : $"{minimum?.ToString(CultureInfo.InvariantCulture) ?? "the file's minimum"} to {maximum?.ToString(CultureInfo.InvariantCulture) ?? "the file's maximum"} nodes, as there is work";
        await Console.Out.WriteLineAsync($"cluster {site.Configuration.ClusterName} {(isDryRun ? "would be asked" : "is asked")} for {wanted}.").ConfigureAwait(false);
        return ExitCodes.Ok;
    }

    private static string Nodes(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} node{(count == 1 ? "" : "s")}");

    private static int? Parse(string name, string text, Action<string> fail)
    {
        try
        {
            return ParseCount(text);
        }
        catch (FormatException wrong)
        {
            fail($"{name}: {wrong.Message}");
            return null;
        }
    }

    private static int ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= NodesMax
            ? count
            : throw new FormatException($"'{text}' is not a whole number from 0 to {NodesMax}.");
}
