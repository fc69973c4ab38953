using Weft.Provisioning;
using static Weft.Launcher.Tests.Autoscaling.FakeProvider;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class NodeLooksTests
{
    private readonly FakeProvider _provider = new();
    private readonly List<string> _log = [];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_a_provider_throws_is_a_problem_of_that_look_alone()
    {
        var looks = New(TimeSpan.FromMinutes(2));
        _provider.Nodes.Add(Node("cpu-1", NodeState.Running));
        await looks.LookAsync(Ended);

        _provider.List = static () => throw new InvalidOperationException("no such zone");
        await looks.LookAsync(Ended);
        Assert.Equal(("InvalidOperationException: no such zone", 1), (looks.Problem, looks.Nodes.Count));
        await looks.LookAsync(Ended);
        Assert.StartsWith("the nodes could not be listed: System.InvalidOperationException: no such zone", Assert.Single(_log), StringComparison.Ordinal);

        // A timeout of HTTP is told like this.
        _provider.List = static () => Task.FromException<IReadOnlyList<ClusterNode>>(new TaskCanceledException("100 s elapsed"));
        await looks.LookAsync(Ended);
        Assert.Equal("TaskCanceledException: 100 s elapsed", looks.Problem);

        _provider.List = null;
        await looks.LookAsync(Ended);
        Assert.Null(looks.Problem);
    }

    [Fact]
    public async Task A_list_that_never_comes_is_cancelled_and_a_problem_when_its_time_is_over()
    {
        _provider.List = static () => new TaskCompletionSource<IReadOnlyList<ClusterNode>>().Task;
        var looks = New(TimeSpan.FromMilliseconds(1));
        await looks.LookAsync(Ended);

        Assert.StartsWith("no answer within ", looks.Problem, StringComparison.Ordinal);
        Assert.True((await _provider.Cancellation).IsCancellationRequested);
    }

    [Fact]
    public async Task A_look_that_the_autoscaler_gives_up_is_no_problem()
    {
        using var stop = new CancellationTokenSource();
        _provider.List = async () =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, await _provider.Cancellation);
            return [];
        };
        var looks = New(TimeSpan.FromMinutes(2));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looks.LookAsync(stop.Token));
        Assert.Null(looks.Problem);
    }

    private NodeLooks New(TimeSpan limit) => new(_provider, _log.Add) { Limit = limit };
}
