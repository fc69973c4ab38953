using Weft.Autoscaler.Core;
using Weft.Launcher.Tests.Configuration;
using Weft.Provisioning;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class NodeRequestsTests
{
    private static readonly ClusterConfiguration Configuration = ClusterFileTests.Right(
        """
        cluster_name: demo
        provider: {type: local}
        weft_program: weft
        available_node_types:
          cpu: {max_workers: 20, resources: {CPU: 1} }
        """) with
    { SchedulerFile = "/f/scheduler.json" };

    private readonly FakeProvider _provider = new();
    private readonly List<string> _log = [];

    [Theory]
    [InlineData("", "3+5")]
    [InlineData("3", "3!, 4+4")]
    [InlineData("7", "7!, 3+4")]
    [InlineData("5", "5!, 3+2, 6+2")]
    [InlineData("7 3", "7!, 3!, 4+3")]
    [InlineData("4 5", "4!, 5!, 3+1, 6+2")]
    [InlineData("3 4 5 6 7", "3!, 4!, 5!, 6!, 7!")]
    public async Task Each_number_is_answered_once_also_when_some_are_refused(string refused, string answers)
    {
        _provider.Launch = request => Task.FromResult<IReadOnlyList<NodeFailure>>(
            [.. refused.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => new NodeFailure(new NodeId(request.Type, int.Parse(number)), FailureKind.Capacity, "none left"))]);
        var requests = New();
        requests.BeginLaunch(new LaunchNodes("cpu", 3, 5, IsSpot: true), TestContext.Current.CancellationToken);
        await requests.EndedAsync();

        Assert.Equal(answers, string.Join(", ", Answers(requests).Select(static answer => answer.Failure is null ? $"{answer.First}+{answer.Count}" : $"{answer.First}!")));
        var request = Assert.Single(_provider.Launches);
        Assert.Equal(("cpu", 3, 5, true), (request.Type, request.First, request.Count, request.IsSpot));
    }

    [Theory]
    [InlineData(FailureKind.Permanent, LaunchFailureKind.Permanent)]
    [InlineData(FailureKind.Capacity, LaunchFailureKind.Capacity)]
    [InlineData(FailureKind.Transient, LaunchFailureKind.Transient)]
    public async Task A_refusal_of_all_is_one_answer_in_the_provider_s_words(FailureKind kind, LaunchFailureKind expected)
    {
        _provider.Launch = _ => throw new ProviderException(kind, "no such queue");

        Assert.Equal([new LaunchAnswered("cpu", 1, 2, new LaunchFailure(expected, "no such queue"))], await LaunchAsync(2));
        Assert.Contains("2 of cpu could not be launched: no such queue", _log);
    }

    [Fact]
    public async Task Whatever_a_provider_throws_is_an_answer()
    {
        _provider.Launch = _ => throw new FormatException("what is this?");
        Assert.Equal([new LaunchAnswered("cpu", 1, 1, new LaunchFailure(LaunchFailureKind.Transient, "FormatException: what is this?"))], await LaunchAsync(1));

        _provider.Launch = static _ => throw new OperationCanceledException();
        Assert.Equal([new LaunchAnswered("cpu", 1, 1, new LaunchFailure(LaunchFailureKind.Transient, "OperationCanceledException: The operation was canceled."))], await LaunchAsync(1));
    }

    [Fact]
    public async Task A_launch_that_never_answers_is_cancelled_and_answered_when_its_time_is_over()
    {
        _provider.Launch = static _ => new TaskCompletionSource<IReadOnlyList<NodeFailure>>().Task;
        var requests = New(TimeSpan.FromMilliseconds(1));
        requests.BeginLaunch(new LaunchNodes("cpu", 1, 2, IsSpot: false), TestContext.Current.CancellationToken);
        await requests.EndedAsync();

        var failure = Assert.Single(Answers(requests)).Failure!;
        Assert.Equal(LaunchFailureKind.Transient, failure.Kind);
        Assert.StartsWith("no answer within ", failure.Message, StringComparison.Ordinal);
        Assert.True((await _provider.Cancellation).IsCancellationRequested);
    }

    [Fact]
    public async Task A_launch_that_is_under_way_when_the_autoscaler_ends_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        _provider.Launch = async _ =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, await _provider.Cancellation);
            return [];
        };
        var requests = New();
        requests.BeginLaunch(new LaunchNodes("cpu", 1, 1, IsSpot: false), stop.Token);
        await requests.EndedAsync();

        Assert.Equal("the autoscaler ends.", Assert.Single(Answers(requests)).Failure!.Message);
    }

    [Fact]
    public async Task A_request_that_cannot_be_made_is_an_answer()
    {
        var requests = new NodeRequests(_provider, new LaunchRequests(Configuration with { NodeTypes = [] }, new ClusterFolder("/f"), "/p/weft"), _log.Add);
        requests.BeginLaunch(new LaunchNodes("cpu", 1, 1, IsSpot: false), TestContext.Current.CancellationToken);
        await requests.EndedAsync();

        Assert.Equal(LaunchFailureKind.Transient, Assert.Single(Answers(requests)).Failure!.Kind);
        Assert.Empty(_provider.Launches);
    }

    [Fact]
    public async Task A_request_is_a_step_when_it_begins_and_when_it_ends()
    {
        var held = new TaskCompletionSource<IReadOnlyList<NodeFailure>>();
        _provider.Launch = _ => held.Task;
        var requests = New();
        Assert.Equal(0, requests.Steps);
        requests.BeginLaunch(new LaunchNodes("cpu", 1, 1, IsSpot: false), TestContext.Current.CancellationToken);
        Assert.Equal(1, requests.Steps);
        Assert.False(requests.TryTakeAnswer(out _));
        held.SetResult([]);
        await requests.EndedAsync();

        Assert.Equal(2, requests.Steps);
        Assert.True(requests.TryTakeAnswer(out _));
    }

    [Fact]
    public async Task A_node_that_is_being_ended_is_not_ended_twice_and_may_be_again_when_that_is_over()
    {
        var held = new TaskCompletionSource();
        _provider.End = () => held.Task;
        var requests = New();
        requests.BeginEnd([new NodeId("cpu", 1), new NodeId("cpu", 2)], "idle", default);
        requests.BeginEnd([new NodeId("cpu", 2), new NodeId("cpu", 3)], "idle", default);
        requests.BeginEnd([new NodeId("cpu", 1)], "idle", default);
        held.SetException(new ProviderException(FailureKind.Transient, "no answer"));
        await requests.EndedAsync();
        requests.BeginEnd([new NodeId("cpu", 1)], "idle", default);
        await requests.EndedAsync();

        Assert.Equal(["cpu-1", "cpu-1, cpu-2", "cpu-3"], _provider.Ends.Order(StringComparer.Ordinal));
        Assert.Equal(["ending cpu-1, cpu-2: idle", "ending cpu-3: idle"], _log.Take(2));
        Assert.Contains("cpu-1, cpu-2 could not be ended: no answer", _log);
    }

    [Fact]
    public async Task Whatever_a_provider_throws_at_an_end_is_told()
    {
        _provider.End = static () => throw new FormatException("what is this?");
        var requests = New();
        requests.BeginEnd([new NodeId("cpu", 1)], "idle", default);
        await requests.EndedAsync();

        Assert.StartsWith("cpu-1 could not be ended: System.FormatException: what is this?", _log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_that_never_answers_is_cancelled_and_may_be_asked_for_again_when_its_time_is_over()
    {
        _provider.End = static () => new TaskCompletionSource().Task;
        var requests = New(TimeSpan.FromMilliseconds(1));
        requests.BeginEnd([new NodeId("cpu", 1)], "idle", default);
        await requests.EndedAsync();
        Assert.StartsWith("cpu-1 could not be ended: no answer within ", _log[^1], StringComparison.Ordinal);
        Assert.True((await _provider.Cancellation).IsCancellationRequested);

        requests.BeginEnd([new NodeId("cpu", 1)], "idle", default);
        await requests.EndedAsync();
        Assert.Equal(2, _log.Count(static line => line == "ending cpu-1: idle"));
    }

    private NodeRequests New() => New(TimeSpan.FromMinutes(10));

    private NodeRequests New(TimeSpan limit) => new(_provider, new LaunchRequests(Configuration, new ClusterFolder("/f"), "/p/weft"), line =>
    {
        lock (_log)
        {
            _log.Add(line);
        }
    })
    { LaunchLimit = limit, EndLimit = limit };

    private async Task<List<LaunchAnswered>> LaunchAsync(int count)
    {
        var requests = New();
        requests.BeginLaunch(new LaunchNodes("cpu", 1, count, IsSpot: false), TestContext.Current.CancellationToken);
        await requests.EndedAsync();
        return Answers(requests);
    }

    private static List<LaunchAnswered> Answers(NodeRequests requests)
    {
        var answers = new List<LaunchAnswered>();
        while (requests.TryTakeAnswer(out var answer))
        {
            answers.Add(answer);
        }

        return answers;
    }
}
