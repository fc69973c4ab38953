namespace Weft.Integration.Tests;

/// <summary>A scheduler that may hold only so much for its clients.</summary>
public sealed class DataLimitTests
{
    private const string Limit = "1MB";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_does_not_fit_is_refused_and_nothing_else_before_and_after_the_scheduler_was_killed()
    {
        await using var cluster = new RestartableCluster();
        await cluster.StartSchedulerAsync("--data-limit", Limit);
        cluster.StartWorkers(1);
        await cluster.HasWorkersAsync(1);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var held = await client.ScatterAsync(new byte[600_000], cancellationToken: Ended);
        var refused = await client.ScatterAsync(new byte[600_000], cancellationToken: Ended);

        var why = await Assert.ThrowsAsync<SchedulerFullException>(() => client.Submit(Length, refused).AsTask().WaitAsync(RealProcesses.Patience, Ended));
        Assert.Contains("more than the 1,000,000 that it may. Release some first.", why.Message, StringComparison.Ordinal);

        var status = await ProgramRun.OfAsync(Path.Combine(RealProcesses.ProgramFolder, "weft"), "status", "--scheduler-file", cluster.SchedulerFile);
        Assert.Matches(@"data       60\d,\d{3} of 1,000,000 bytes", status.Output);

        cluster.KillScheduler();
        await cluster.StartSchedulerAsync("--data-limit", Limit);

        Assert.Equal(600_000, await client.Submit(Length, held).AsTask().WaitAsync(RealProcesses.Patience * 3, Ended));
        await Assert.ThrowsAsync<SchedulerFullException>(() => refused.AsTask().WaitAsync(RealProcesses.Patience, Ended));

        held.Dispose();
        await RealProcesses.Until("there is room", async () =>
        {
            using var again = await client.ScatterAsync(new byte[600_000], cancellationToken: Ended);
            try
            {
                return await client.Submit(Length, again) == 600_000;
            }
            catch (SchedulerFullException)
            {
                return false;
            }
        });
    }

    private static int Length(byte[] bytes) => bytes.Length;
}
