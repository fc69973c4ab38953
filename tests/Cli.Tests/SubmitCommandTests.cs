using Weft.Launcher;

namespace Weft.Cli.Tests;

/// <summary>A job that is over and ends its cluster: what it ended with is known.</summary>
public sealed class SubmitCommandTests
{
    private static readonly JobView Over = new(
        new JobRecord
        {
            Id = "a",
            Cluster = "demo",
            SchedulerFile = "/f",
            Command = ["true"],
            Submitted = DateTimeOffset.UnixEpoch,
            Started = DateTimeOffset.UnixEpoch,
            Ended = DateTimeOffset.UnixEpoch,
            ExitCode = 7,
            EndsCluster = true,
        },
        IsWatched: true,
        Processes: 0);

    [Fact]
    public async Task Its_supervisor_is_waited_for()
    {
        var looks = 0;

        var job = await SubmitCommand.AwaitEndNotedAsync(Over, _ => Task.FromResult(Over with { IsWatched = ++looks < 3 }), TestContext.Current.CancellationToken);

        Assert.Equal((7, false, 3), (job.Record.ExitCode, job.IsWatched, looks));
    }

    [Fact]
    public async Task A_head_out_of_reach_does_not_change_what_it_ended_with()
    {
        var job = await SubmitCommand.AwaitEndNotedAsync(Over, static _ => throw new LaunchException(ExitCodes.NotReachable, "no route"), TestContext.Current.CancellationToken);

        Assert.Equal(7, job.Record.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nor_does_a_signal_to_whoever_waits(bool isWithinLook)
    {
        using var stop = new CancellationTokenSource();
        var job = await SubmitCommand.AwaitEndNotedAsync(
            Over,
            async ending =>
            {
                await stop.CancelAsync();
                await Task.Delay(isWithinLook ? Timeout.Infinite : 0, isWithinLook ? ending : CancellationToken.None);
                return Over;
            },
            stop.Token);

        Assert.Equal(7, job.Record.ExitCode);
    }
}
