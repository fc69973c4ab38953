using Weft.Worker.Tests.Kit;

namespace Weft.Worker.Tests.Session;

/// <summary>How often, and how long, a scheduler is looked for.</summary>
public sealed class ReconnectPatienceTests
{
    private readonly HandTime _time = new();

    [Fact]
    public void A_scheduler_that_was_never_there_is_looked_for_less_and_less_often_for_the_death_timeout()
    {
        Assert.Equal([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000, 850], Delays(Patience(deathMs: 10_000)));
    }

    [Fact]
    public void One_that_was_lost_is_looked_for_from_its_loss_on_for_the_reconnect_timeout()
    {
        var patience = Patience(deathMs: 10_000, reconnectMs: 400);
        Assert.Equal(50, patience.NextDelay()!.Value.TotalMilliseconds);
        patience.Reset();
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([50, 100, 200, 50], Delays(patience));
        Assert.Equal(WorkerEndReason.SchedulerLost, patience.GiveUp("gone").Reason);
    }

    [Fact]
    public void Without_a_limit_it_is_looked_for_for_ever()
    {
        var patience = Patience(deathMs: null);

        for (var attempt = 0; attempt < 10_000; attempt++)
        {
            Assert.InRange(patience.NextDelay()!.Value.TotalMilliseconds, 50, 2000);
            _time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    private ReconnectPatience Patience(int? deathMs, int reconnectMs = 0) =>
        new(deathMs is { } limit ? TimeSpan.FromMilliseconds(limit) : Timeout.InfiniteTimeSpan, TimeSpan.FromMilliseconds(reconnectMs), _time);

    private IEnumerable<double> Delays(ReconnectPatience patience)
    {
        while (patience.NextDelay() is { } delay)
        {
            yield return delay.TotalMilliseconds;
            _time.Advance(delay);
        }
    }
}
