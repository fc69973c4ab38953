using System.Globalization;
using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>Processes under a limit on virtual memory, as queues set it.</summary>
public sealed class AddressSpaceTests(ITestOutputHelper output)
{
    private const string Shell = "/bin/bash";

    private static string Program { get; } = Path.Combine(RealProcesses.ProgramFolder, "weft");

    [Fact]
    public async Task A_scheduler_and_a_worker_under_four_gigabytes_start_run_a_task_and_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A limit on virtual memory is a matter of Linux queues.");
        using var folder = new TemporaryFolder();
        var limited = Path.Combine(folder.Path, "weft");
        await File.WriteAllTextAsync(limited, $"#!{Shell}\nulimit -v 4000000\nexec '{Program}' \"$@\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(limited, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var cluster = await ProcessCluster.StartAsync(
            new ProcessClusterOptions { Workers = 1, Program = limited, Log = output.WriteLine }, TestContext.Current.CancellationToken);
        await using (var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.Equal("4096000000", await client.Submit(LimitOfThisProcess));
            await Workload.RunQuickstartAsync(client);
        }

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), await cluster.StopAsync(RealProcesses.Patience));
    }

    [Theory]
    [InlineData("scheduler")]
    [InlineData("worker")]
    public async Task Under_a_limit_that_is_too_small_a_program_says_so_in_one_line(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A limit on virtual memory is a matter of Linux queues.");
        using var folder = new TemporaryFolder();
        var kilobytes = (AddressSpaceLimit.LeastBytes >> 10) - 1;

        var end = await ProgramRun.OfAsync(Shell, "-c", $"ulimit -v {kilobytes.ToString(CultureInfo.InvariantCulture)}; exec '{Program}' {command} --scheduler-file '{folder.Path}/none.json'");

        Assert.Equal(ExitCodes.Failure, end.ExitCode);
        Assert.Contains("the virtual-memory limit of 1399 MiB", Assert.Single(end.ErrorLines));
    }

    /// <summary>None of our code runs then: what is held is the exit code that the documentation names, and that the limit is spoken of.</summary>
    [Fact]
    public async Task Under_a_far_too_small_limit_the_runtime_says_so_and_ends_with_a_documented_code()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A limit on virtual memory is a matter of Linux queues.");

        var end = await ProgramRun.OfAsync(Shell, "-c", $"ulimit -v 500000; '{Program}' scheduler");

        Assert.Equal(137, end.ExitCode);
        Assert.Contains("virtual memory limit", end.ErrorLines[0]);
    }

    private static string LimitOfThisProcess() =>
        File.ReadLines("/proc/self/limits").First(static line => line.StartsWith("Max address space", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
}
