using Weft.Launcher.Tests.Autoscaling;
using Weft.Provisioning;

namespace Weft.Launcher.Tests;

public sealed class NodesEndTests
{
    private readonly FakeHosts _provider = new();
    private readonly List<string> _lines = [];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_are_ended_once_and_waited_for_until_two_looks_find_none()
    {
        _provider.Looks.Enqueue(Known(Running("worker-1"), Running("worker-2")));
        _provider.Looks.Enqueue(Known(Running("worker-1"), Node("worker-2", NodeState.Ending)));
        _provider.Looks.Enqueue(Known());
        _provider.Looks.Enqueue(Known(Running("worker-3")));
        _provider.Looks.Enqueue(Known(Node("worker-3", NodeState.Ended)));
        _provider.Looks.Enqueue(Known());

        Assert.Equal(["worker-1", "worker-2", "worker-3"], (await EndAsync()).Select(static node => node.ToString()).Order());

        Assert.Empty(_provider.Looks);
        Assert.Equal(["worker-1, worker-2", "worker-3"], _provider.Ends);
        Assert.Equal(["ending worker-1 (job 1).", "ending worker-2 (job 2).", "ending worker-3 (job 3)."], _lines);
    }

    [Fact]
    public async Task A_silent_host_is_waited_for_once_what_answers_is_ended()
    {
        var silent = Known(Running("worker-1")) with { Silent = [Silent("b")] };
        _provider.Looks.Enqueue(silent);
        _provider.Looks.Enqueue(Known() with { Silent = [Silent("b")] });
        _provider.Looks.Enqueue(Known() with { Silent = [Silent("b")] });
        _provider.Looks.Enqueue(Known() with { Silent = [Silent("b")] });
        _provider.Looks.Enqueue(Known(Running("worker-2")));
        _provider.Looks.Enqueue(Known());
        _provider.Looks.Enqueue(Known());

        Assert.Equal(2, (await EndAsync()).Count);

        Assert.Empty(_provider.Looks);
        Assert.Equal(["worker-1", "worker-2"], _provider.Ends);
        Assert.Equal(["ending worker-1 (job 1).", "waiting up to 30 s for a host that does not answer: b: no route", "ending worker-2 (job 2)."], _lines);
    }

    [Fact]
    public async Task Hosts_that_stay_silent_are_named_when_all_else_has_ended()
    {
        _provider.Looks.Enqueue(Known(Running("worker-1")) with { Silent = [Silent("b"), Silent("c")] });
        _provider.Then = Known() with { Silent = [Silent("b"), Silent("c")] };

        var failure = await Assert.ThrowsAsync<LaunchException>(EndAsync);

        Assert.Equal(ExitCodes.Failure, failure.ExitCode);
        Assert.StartsWith("nodes of cluster any may still run on hosts that do not answer: b: no route | c: no route.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["worker-1"], _provider.Ends);
        Assert.InRange(_provider.Time.Elapsed, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(35));
    }

    [Fact]
    public async Task A_silence_that_ended_does_not_count_for_the_next_one()
    {
        for (var times = 0; times < 2; times++)
        {
            for (var second = 0; second < 20; second++)
            {
                _provider.Looks.Enqueue(Known() with { Silent = [Silent("b")] });
            }

            _provider.Looks.Enqueue(Known(Running("worker-1")));
        }

        _provider.Then = Known();

        Assert.Single(await EndAsync());
    }

    [Fact]
    public async Task A_list_or_an_end_that_fails_for_a_moment_is_tried_again()
    {
        _provider.Looks.Enqueue(null);
        _provider.Looks.Enqueue(null);
        _provider.Looks.Enqueue(Known(Running("worker-1")));
        _provider.Looks.Enqueue(Known(Running("worker-1")));
        _provider.Then = Known();
        _provider.End = () => _provider.Ends.Count == 1 ? throw new ProviderException(FailureKind.Transient, "no answer to that") : Task.CompletedTask;

        Assert.Single(await EndAsync());

        Assert.Equal(["worker-1", "worker-1"], _provider.Ends);
        Assert.Equal(["trying again: the queue is away", "ending worker-1 (job 1).", "trying again: no answer to that"], _lines);
    }

    [Fact]
    public async Task What_is_not_known_after_four_minutes_is_told_and_so_is_what_is_left()
    {
        _provider.Then = null;
        Assert.Equal("after 4 minutes it is not known what is left of cluster any: the queue is away", (await Assert.ThrowsAsync<LaunchException>(EndAsync)).Message);

        _provider.Then = Known(Running("worker-1"));
        Assert.Equal("after 4 minutes there are still worker-1 (job 1).", (await Assert.ThrowsAsync<LaunchException>(EndAsync)).Message);
    }

    [Fact]
    public async Task What_can_never_succeed_is_not_tried_again()
    {
        _provider.Looks.Enqueue(Known(Running("worker-1")));
        _provider.End = static () => throw new ProviderException(FailureKind.Permanent, "not yours");

        Assert.Equal("not yours", (await Assert.ThrowsAsync<ProviderException>(EndAsync)).Message);
    }

    private async Task<IReadOnlyCollection<NodeId>> EndAsync()
    {
        var ended = new HashSet<NodeId>();
        await new NodesEnd("any", _provider, _provider.Time, _lines.Add).RunAsync(ended, Ending);
        return ended;
    }

    private static AnsweringNodes Known(params ClusterNode[] nodes) => new(nodes, []);

    private static SilentHost Silent(string name) => new(name, $"{name}: no route");

    private static ClusterNode Running(string name) => Node(name, NodeState.Running);

    private static ClusterNode Node(string name, NodeState state) => FakeProvider.Node(name, state);
}
