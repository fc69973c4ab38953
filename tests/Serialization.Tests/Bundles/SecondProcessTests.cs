using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Weft.Serialization.Tests.Bundles;

public sealed class SecondProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("weft-test-").FullName;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_never_saw_the_program_runs_its_functions(bool dynamicCode)
    {
        await RunAsync("ShippedProgram", dynamicCode);
        var lines = await RunAsync("ShippedRunner", dynamicCode);

        Assert.Equal(
            [
                "Square: 49",
                "WithTariff: 7",
                "lambda in Main: 21",
                "lambda in Composed: 64",
                "SquareLaterAsync: 49",
                "Fail: Function InvalidOperationException no 7",
                "lambda in Travel: 1018",
            ],
            lines);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Runs a program with its own runtime configuration, or with one that turns dynamic code off as file-based programs do.</summary>
    private async Task<string[]> RunAsync(string project, bool dynamicCode)
    {
        var output = ShippedFixture.OutputOf(project);
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(output, project + ".runtimeconfig.json")))!;
        configuration["runtimeOptions"]!["configProperties"]!["System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported"] = dynamicCode;
        var configurationPath = Path.Combine(_directory, project + ".runtimeconfig.json");
        await File.WriteAllTextAsync(configurationPath, configuration.ToJsonString());

        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(dotnet, ["exec", "--runtimeconfig", configurationPath, Path.Combine(output, project + ".dll"), _directory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (process.ExitCode, errors));
        return (await lines).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
