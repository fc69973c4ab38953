using System.Text.Json;

namespace Weft.Clusters.Tests;

/// <summary>What people do on a cluster's head, here this machine.</summary>
public sealed class HeadCommandTests(RunningCluster cluster) : IClassFixture<RunningCluster>
{
    private ClusterHome Home => cluster.Home;

    [Fact]
    public async Task Commands_find_the_scheduler_and_the_program_and_their_exit_code_is_ours()
    {
        var line = await Home.WeftAsync("exec", Home.File, "weft status --json > status.json && echo $COLOUR; exit 6");
        var words = await Home.WeftAsync("exec", Home.File, "printf", "%s.", "a b", "--dry-run", "$HOME");

        Assert.Equal(("red\n", 6), (line.Output, line.ExitCode));
        Assert.Equal(("a b.--dry-run.$HOME.", 0), (words.Output, words.ExitCode));
        Assert.Equal(Home.Name, JsonDocument.Parse(await File.ReadAllTextAsync(Home.InHome("status.json"))).RootElement.GetProperty("nodes").GetProperty("cluster").GetString());
    }

    [Fact]
    public async Task Forwards_last_as_long_as_the_shell()
    {
        var page = new Uri((await Home.WeftAsync("dashboard", "--no-browser", Home.File)).Output.Trim());
        var port = FreePort();
        using var shell = Home.Start("attach", Home.File, "--forward", $"{port}:{page.Port}");
        await shell.StandardInput.WriteLineAsync("echo $COLOUR");
        Assert.Equal("red", await shell.StandardOutput.ReadLineAsync());
        using var http = new HttpClient();

        Assert.Contains("Weft", await http.GetStringAsync($"http://127.0.0.1:{port}/status"));
        await shell.StandardInput.WriteLineAsync("exit 5");
        await shell.WaitForExitAsync();

        Assert.Equal(5, shell.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync($"http://127.0.0.1:{port}/status"));
    }

    [Fact]
    public async Task The_dashboard_leads_there_until_it_is_interrupted()
    {
        var port = FreePort();
        using var dashboard = Home.Start("dashboard", "--no-browser", "--port", $"{port}", Home.File);
        Assert.Equal($"http://127.0.0.1:{port}/status", await dashboard.StandardOutput.ReadLineAsync());
        using var http = new HttpClient();
        Assert.Contains("Weft", await http.GetStringAsync($"http://127.0.0.1:{port}/status"));

        RealProcesses.Signal(dashboard.Id, 2);
        await dashboard.WaitForExitAsync();

        Assert.Equal(0, dashboard.ExitCode);
    }

    [Fact]
    public async Task Files_and_folders_are_copied_both_ways()
    {
        Directory.CreateDirectory(Home.InHome("here/inner"));
        await File.WriteAllTextAsync(Home.InHome("here/inner/a b"), "text");

        Assert.Equal(0, (await Home.WeftAsync("cp", Home.File, "here", "head:there")).ExitCode);
        Assert.Equal(0, (await Home.WeftAsync("cp", Home.File, "head:there/inner/a b", "back")).ExitCode);
        Assert.Equal(2, (await Home.WeftAsync("cp", Home.File, "head:none", "back")).ExitCode);

        Assert.Equal("text", await File.ReadAllTextAsync(Home.InHome("there/inner/a b")));
        Assert.Equal("text", await File.ReadAllTextAsync(Home.InHome("back")));
    }

    [Fact]
    public async Task Nodes_are_shown_and_are_drained_by_their_names()
    {
        Assert.Equal(0, (await Home.WeftAsync("scale", Home.File, "1")).ExitCode);
        var node = "";
        await RealProcesses.Until("a node is there with its worker", async () =>
        {
            using var status = JsonDocument.Parse((await Home.WeftAsync("status", "--json", Home.File)).Output);
            node = status.RootElement.GetProperty("nodes").GetProperty("nodes").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first ? first.GetProperty("name").GetString()! : "";
            return status.RootElement.GetProperty("workers").GetArrayLength() == 1;
        });

        var shown = await Home.WeftAsync("status", Home.File);
        var drained = await Home.WeftAsync("drain", node, "--cluster", Home.File);

        Assert.Matches($"nodes +1\n  {node} +running ", shown.Output);
        Assert.Equal(($"{node} has left\n", 0), (drained.Output, drained.ExitCode));
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
