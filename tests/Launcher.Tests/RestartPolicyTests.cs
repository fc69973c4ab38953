namespace Weft.Launcher.Tests;

public sealed class RestartPolicyTests
{
    private static readonly RestartPolicy Policy = new(
        FirstPause: TimeSpan.FromSeconds(1),
        LongestPause: TimeSpan.FromSeconds(5),
        ImmediateBelow: TimeSpan.FromSeconds(10),
        ImmediateDeathsMax: 4);

    private int _immediateDeaths;

    [Theory]
    [InlineData(ExitCodes.Ok)]
    [InlineData(ExitCodes.Usage)]
    [InlineData(ExitCodes.NotReachable)]
    [InlineData(ExitCodes.CannotListen)]
    [InlineData(ExitCodes.Refused)]
    public void A_worker_that_ended_on_purpose_is_let_go(int code) =>
        Assert.Equal(RestartDecision.LetGo, OnExit(code, 0).Decision);

    [Theory]
    [InlineData(ExitCodes.Failure)]
    [InlineData(134)]
    [InlineData(137)]
    [InlineData(143)]
    public void A_worker_that_died_is_started_again(int code) =>
        Assert.Equal((RestartDecision.Restart, 1), OnExit(code, 100));

    [Fact]
    public void Pauses_double_up_to_the_longest_and_then_it_gives_up()
    {
        Assert.Equal(
            [(RestartDecision.Restart, 1), (RestartDecision.Restart, 2), (RestartDecision.Restart, 4), (RestartDecision.Restart, 5), (RestartDecision.GiveUp, 0)],
            Enumerable.Range(0, 5).Select(_ => OnExit(137, 1)));
    }

    [Fact]
    public void A_worker_that_lived_for_a_while_starts_the_count_anew()
    {
        OnExit(137, 1);
        OnExit(137, 1);

        Assert.Equal((RestartDecision.Restart, 1), OnExit(137, 100));
        Assert.Equal((RestartDecision.Restart, 1), OnExit(137, 1));
    }

    [Fact]
    public void A_worker_that_asks_for_another_gets_it_at_once()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal((RestartDecision.Restart, 0), OnExit(ExitCodes.RestartWanted, 1));
        }
    }

    private (RestartDecision Decision, int PauseSeconds) OnExit(int code, int lifetimeSeconds)
    {
        var decision = Policy.OnExit(code, TimeSpan.FromSeconds(lifetimeSeconds), ref _immediateDeaths, out var pause);
        return (decision, (int)pause.TotalSeconds);
    }
}
