using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary><c>weft dashboard</c>: the status page of a cluster, through a tunnel where one is needed.</summary>
internal static class DashboardCommand
{
    public static Command Create()
    {
        var file = ClusterFileArgument.Create();
        var port = ValueOptions.Create("--port", "N", "The port here that leads there (default: any free one, or none when the head is this machine)", static int? (text) => ParsePort(text), null);
        var noBrowser = ValueOptions.Flag("--no-browser", "Only print the address");
        var command = new Command("dashboard", "Print and open the address of a cluster's status page") { file, port, noBrowser };
        command.SetAction(parsed => RunAsync(parsed.GetValue(file)!, parsed.GetValue(port), !parsed.GetValue(noBrowser)));
        return command;
    }

    private static async Task<int> RunAsync(string file, int? port, bool mayOpen)
    {
        using var signals = new StopSignals();
        await using var site = ClusterSite.Open(file, static _ => { });
        await using var page = await Dashboard.OpenAsync(site, port, signals.Token).ConfigureAwait(false);
        await Console.Out.WriteLineAsync(page.Url).ConfigureAwait(false);
        if (mayOpen && !Console.IsOutputRedirected && HasDisplay)
        {
            Open(page.Url);
        }

        if (page.IsTunnel)
        {
            Console.Error.WriteLine("weft dashboard: the address is good until Ctrl-C.");
            await Task.Delay(Timeout.InfiniteTimeSpan, signals.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCodes.Ok;
    }

    private static bool HasDisplay =>
        OperatingSystem.IsMacOS() || Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };

    private static void Open(string url)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [url]));
        }
        catch (Win32Exception failure)
        {
            Console.Error.WriteLine($"weft dashboard: no browser could be opened: {failure.Message}");
        }
    }

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? port
            : throw new FormatException($"'{text}' is not a port from 1 to 65535.");
}
