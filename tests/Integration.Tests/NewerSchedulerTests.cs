using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>Programs of this version that meet a scheduler of the next.</summary>
public sealed class NewerSchedulerTests
{
    /// <param name="toldMajor">1: another scheduler took the place of ours after it was asked how it is, and the worker process itself is refused.</param>
    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(null)]
    public async Task A_worker_says_both_versions_in_one_line_and_ends_with_the_code_for_a_refusal(int? toldMajor)
    {
        await using var scheduler = await NewerScheduler.StartAsync((uint?)toldMajor);

        var end = await ProgramRun.OfAsync(Path.Combine(RealProcesses.ProgramFolder, "weft"), "worker", "--scheduler-file", scheduler.File, "--nworkers", "1");

        Assert.Equal(ExitCodes.Refused, end.ExitCode);
        var line = Assert.Single(end.ErrorLines);
        Assert.Contains("protocol 2", line);
        Assert.Matches("speaks 1", line);
    }

    [Fact]
    public async Task A_client_is_told_both_versions_at_once()
    {
        await using var scheduler = await NewerScheduler.StartAsync(2);

        // Far below the time for which it would wait for a scheduler that is not there yet.
        var connecting = WeftClient.ConnectAsync(scheduler.File, new WeftClientOptions { ConnectTimeout = TimeSpan.FromMinutes(10) }, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<SchedulerLostException>(() => connecting.WaitAsync(RealProcesses.Patience));

        Assert.Equal($"The scheduler refuses this client: {NewerScheduler.Refusal}", refused.Message);
    }
}
