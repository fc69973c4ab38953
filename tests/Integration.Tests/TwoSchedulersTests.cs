using System.Diagnostics;
using System.Globalization;
using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>Two schedulers that are started on one file: one lives, and the other says why it does not.</summary>
public sealed class TwoSchedulersTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>How often two are started at once: <c>WEFT_ROUNDS</c> for a longer trial.</summary>
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("WEFT_ROUNDS") ?? "2", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();

    private string SchedulerFile => Path.Combine(_folder.Path, "scheduler.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_scheduler_that_is_started_after_another_ends_with_6_and_names_the_one_that_serves_the_file()
    {
        using var first = new SchedulerStart(SchedulerFile);
        await SchedulerStart.IsServedAsync(SchedulerFile);
        var serving = await SchedulerStart.ServingAsync(SchedulerFile);

        using var second = new SchedulerStart(SchedulerFile);

        var (code, errors) = await second.EndedAsync();
        Assert.Equal(ExitCodes.AnotherServes, code);
        Assert.Contains("serves", errors, StringComparison.Ordinal);
        Assert.False(first.HasEnded);
        Assert.Equal(serving, await SchedulerStart.ServingAsync(SchedulerFile));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task Of_two_schedulers_that_are_started_at_the_same_instant_exactly_one_lives(string journal)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var file = Path.Combine(_folder.Path, $"scheduler-{round}.json");
            using var one = new SchedulerStart(file, "--journal", journal);
            using var two = new SchedulerStart(file, "--journal", journal);

            await RealProcesses.Until("one of them ends", () => Task.FromResult(one.HasEnded || two.HasEnded));
            var (ended, living) = one.HasEnded ? (one, two) : (two, one);
            var (code, errors) = await ended.EndedAsync();
            output.WriteLine($"{code}: {errors}");
            Assert.True(code == ExitCodes.AnotherServes, $"round {round}: it ended with {code}: {errors}");
            Assert.True(errors.Contains("serves", StringComparison.Ordinal) || errors.Contains("has taken the place", StringComparison.Ordinal), errors);

            await SchedulerStart.IsServedAsync(file);
            await using var client = await WeftClient.ConnectAsync(file, cancellationToken: TestContext.Current.CancellationToken);
            Assert.False(living.HasEnded, $"round {round}: both ended");
        }
    }

    [Fact]
    public async Task A_scheduler_that_was_stopped_while_another_took_its_place_ends_by_itself_and_hurts_nobody()
    {
        using var first = new SchedulerStart(SchedulerFile);
        await SchedulerStart.IsServedAsync(SchedulerFile);
        var before = await SchedulerStart.ServingAsync(SchedulerFile);
        RealProcesses.Signal(first.ProcessId, RealProcesses.Sigstop);
        using var second = new SchedulerStart(SchedulerFile);
        await RealProcesses.Until("another one serves the file", async () => await SchedulerStart.ServingAsync(SchedulerFile) is { } now && now != before);
        var serving = await SchedulerStart.ServingAsync(SchedulerFile);
        using var workers = StartWorker();
        try
        {
            await using var client = await WeftClient.ConnectAsync(SchedulerFile, cancellationToken: TestContext.Current.CancellationToken);
            var held = client.Map(Workload.Square, Enumerable.Range(0, 100));
            Assert.Equal(328_350, await client.Submit(Workload.Sum, held));

            RealProcesses.Signal(first.ProcessId, RealProcesses.Sigcont);

            var (code, errors) = await first.EndedAsync();
            Assert.Equal(ExitCodes.AnotherServes, code);
            Assert.Contains("has taken the place", errors, StringComparison.Ordinal);
            Assert.Equal(serving, await SchedulerStart.ServingAsync(SchedulerFile));
            second.Kill();
            using var third = new SchedulerStart(SchedulerFile);
            Assert.Equal(328_350, await client.Submit(Workload.Sum, held).AsTask().WaitAsync(RealProcesses.Patience));
        }
        finally
        {
            workers.Kill(entireProcessTree: true);
        }
    }

    private Process StartWorker() => Process.Start(new ProcessStartInfo(
        Path.Combine(RealProcesses.ProgramFolder, "weft"), ["worker", "--scheduler-file", SchedulerFile, "--nworkers", "1"]))!;
}
