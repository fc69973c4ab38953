using System.Diagnostics;
using Weft.Scheduler;

namespace Weft.Integration.Tests;

/// <summary>Real workers that fall silent.</summary>
public sealed class HeartbeatTests(ITestOutputHelper output)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_whose_heartbeat_stops_is_removed_after_the_TTL_TTL_never_below_10_heartbeats_and_logged_exactly_once_a_supervised_one_is_restarted()
    {
        var lease = TimeSpan.FromSeconds(2);
        await using var cluster = new RestartableCluster();
        await cluster.StartSchedulerAsync("--worker-lease", "2s");

        // A stopped process is given two leases by its supervisor: by then the scheduler has long given it up.
        cluster.StartWorkers(2, "--worker-lease", "4s");
        await cluster.HasWorkersAsync(2);
        var victim = (await cluster.InfoAsync())!.Workers[0];
        var began = Stopwatch.GetTimestamp();

        RealProcesses.Signal((int)victim.ProcessId, RealProcesses.Sigstop);

        await RealProcesses.Until($"the silent worker is removed\n{cluster.Log}", async () => (await cluster.InfoAsync())?.Workers is { } left && left.All(worker => worker.Name != victim.Name));
        var removed = Stopwatch.GetElapsedTime(began);
        Assert.True(RealProcesses.IsAlive((int)victim.ProcessId), "it was removed before its process was ended");

        // It may have been silent for one heartbeat when it was stopped.
        Assert.True(removed >= lease - (2 * HeartbeatOf(lease)), $"it was removed after {removed}");
        await RealProcesses.Until(
            $"its supervisor has started another\n{cluster.Log}",
            async () => (await cluster.InfoAsync())?.Workers is { Count: 2 } back && back.Any(worker => worker.Name == victim.Name && worker.ProcessId != victim.ProcessId));
        output.WriteLine(cluster.Log);
        Assert.Single(Lines(cluster), line => line.Contains($"worker '{victim.Name}' is lost", StringComparison.Ordinal));
        Assert.Single(Lines(cluster), line => line.Contains($"(pid {victim.ProcessId}): its control loop has stood still", StringComparison.Ordinal));

        Assert.All([TimeSpan.FromMilliseconds(100), lease, TimeSpan.FromMinutes(5)], static each => Assert.True(10 * HeartbeatOf(each) <= each));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SchedulerHost.StartAsync(new SchedulerHostOptions { WorkerLease = TimeSpan.FromMilliseconds(99) }, Ended));
    }

    private static string[] Lines(RestartableCluster cluster) => cluster.Log.Split('\n');

    private static TimeSpan HeartbeatOf(TimeSpan lease) => new SchedulerHostOptions { WorkerLease = lease }.HeartbeatInterval;
}
