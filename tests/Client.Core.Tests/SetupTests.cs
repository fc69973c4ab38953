namespace Weft.Client.Core.Tests;

public class SetupTests
{
    private readonly SessionDriver _session = new(new SessionSettings { ReconnectTimeoutMs = 30_000 });

    [Fact]
    public void A_setup_goes_before_the_submissions_that_follow_it_and_is_told_once()
    {
        _session.Apply(new SessionEvent.SetupRegistered(Setup(SessionDriver.Negate)));
        _session.Submit();

        var batch = _session.Take();

        Assert.Equal(new OutgoingSetup(1, 1, default), Assert.Single(batch.Setups));
        Assert.Equal([SessionDriver.Negate, SessionDriver.Square], batch.Functions.Select(static function => function.Item));
        Assert.Single(batch.Submissions);
        Assert.False(_session.Core.HasOutgoing);
    }

    [Fact]
    public void A_resumed_session_and_a_new_one_are_told_all_setups_again()
    {
        _session.Apply(new SessionEvent.SetupRegistered(Setup(SessionDriver.Negate)));
        _session.Take();
        _session.Apply(new SessionEvent.Disconnected("gone"));
        _session.Connect(resumed: true);
        Assert.Single(_session.Take().Setups);

        _session.Apply(new SessionEvent.Disconnected("gone"));
        _session.Connect(session: 8, scheduler: "s2");
        var batch = _session.Take();

        Assert.Equal(new OutgoingSetup(1, 1, default), Assert.Single(batch.Setups));
        Assert.Single(batch.Functions);
    }

    [Fact]
    public void A_withdrawn_setup_leaves_its_number_to_the_next()
    {
        var first = Setup(SessionDriver.Negate);
        _session.Apply(new SessionEvent.SetupRegistered(first));
        _session.Take();

        _session.Apply(new SessionEvent.SetupWithdrawn(first));
        Assert.Equal(new OutgoingSetup(1, 0, default), Assert.Single(_session.Take().Setups));
        _session.Apply(new SessionEvent.SetupWithdrawn(first));
        Assert.False(_session.Core.HasOutgoing);

        _session.Apply(new SessionEvent.SetupRegistered(Setup(SessionDriver.Square)));
        Assert.Equal(new OutgoingSetup(1, 2, default), Assert.Single(_session.Take().Setups));
        Assert.Equal(1, _session.Core.Setups);
    }

    private static SetupDefinition Setup(FunctionDefinition function) => new(function, default);
}
