using System.Text.Json;
using Weft.Cli;

namespace Weft.Graphs.Tests;

public sealed class BenchReportTests(EmbeddedCluster cluster) : IClassFixture<EmbeddedCluster>
{
    [Fact]
    public async Task The_document_says_what_scripts_rely_on()
    {
        var report = await ReportOfAsync(new ChainGraph());

        using var document = JsonDocument.Parse(report.ToJson());
        var root = document.RootElement;
        Assert.Equal(
            [
                "graph", "mode", "tasks", "workers", "seconds", "tasks_per_s", "median_seconds", "result_ok", "process_ids",
                "scheduler_cpu_seconds", "scheduler_cpu_us_per_task", "scheduler_rss_bytes_per_task", "workers_cpu_us_per_task", "client_cpu_us_per_task",
            ],
            root.EnumerateObject().Select(static field => field.Name));
        Assert.Equal("chain", root.GetProperty("graph").GetString());
        Assert.Equal("local", root.GetProperty("mode").GetString());
        Assert.Equal(60, root.GetProperty("tasks").GetInt32());
        Assert.Equal(2, root.GetProperty("workers").GetInt32());
        Assert.True(root.GetProperty("result_ok").GetBoolean());
        Assert.Equal([7, 7], root.GetProperty("process_ids").GetProperty("workers").EnumerateArray().Select(static id => id.GetInt32()));
        double[] seconds = [.. root.GetProperty("seconds").EnumerateArray().Select(static value => value.GetDouble())];
        Assert.Equal(3, seconds.Length);
        Assert.Equal(60 / seconds.Min(), root.GetProperty("tasks_per_s").GetDouble(), tolerance: 0.1);
        Assert.Equal(seconds.Order().ElementAt(1), root.GetProperty("median_seconds").GetDouble());
        Assert.Equal(0, report.ExitCode);
    }

    [Fact]
    public async Task A_wrong_result_is_in_the_document_and_ends_with_1()
    {
        var report = await ReportOfAsync(new WrongGraph());

        using var document = JsonDocument.Parse(report.ToJson());
        Assert.False(document.RootElement.GetProperty("result_ok").GetBoolean());
        Assert.Equal("answer 59 is 3481, and not 3482", document.RootElement.GetProperty("mistake").GetString());
        Assert.Contains("WRONG", report.ToText(), StringComparison.Ordinal);
        Assert.Equal(1, report.ExitCode);
    }

    private async Task<BenchReport> ReportOfAsync(BenchmarkGraph graph)
    {
        var result = await new GraphBench(graph, tasks: 60, repeats: 3).RunAsync(cluster.Client, TestContext.Current.CancellationToken);
        return new BenchReport(result, "local", 2, BenchProcesses.Embedded(7, 2));
    }
}
