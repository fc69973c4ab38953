using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Queues;

public sealed class QueueProviderTests : IAsyncDisposable
{
    private readonly FakeQueue _queue = new();
    private readonly QueueProvider _provider;

    public QueueProviderTests() => _provider = new QueueProvider(_queue);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Fact]
    public async Task Only_missing_nodes_are_submitted()
    {
        _queue.Add(3, NodeState.Running);
        _queue.Add(4, NodeState.Waiting);
        Assert.Empty(await _provider.LaunchAsync(Requests.Of(1, 6), Ended));
        Assert.Equal(["1-2", "5-6"], _queue.Submitted);
        Assert.Empty(await _provider.LaunchAsync(Requests.Of(1, 6), Ended));
        Assert.Equal(2, _queue.Submitted.Count);
    }

    [Fact]
    public async Task A_node_that_is_only_remembered_is_launched_again()
    {
        _queue.Add(1, NodeState.Failed);
        _queue.Add(2, NodeState.Ended);
        Assert.Empty(await _provider.LaunchAsync(Requests.Of(1, 2), Ended));
        Assert.Equal(["1-2"], _queue.Submitted);
        Assert.All(await _provider.ListAsync(Ended), static node => Assert.Equal(NodeState.Waiting, node.State));
    }

    [Fact]
    public async Task Two_launches_at_a_time_submit_each_node_once()
    {
        await Task.WhenAll(_provider.LaunchAsync(Requests.Of(1, 5), Ended), _provider.LaunchAsync(Requests.Of(3, 5), Ended));
        Assert.Equal(["1-5", "6-7"], _queue.Submitted);
    }

    [Fact]
    public async Task A_node_that_stands_in_the_way_of_itself_is_told()
    {
        _queue.Add(1, NodeState.Failed, isStuck: true, detail: "no such folder");
        _queue.Add(2, NodeState.Ending);
        Assert.Equal(
            [new NodeFailure(new NodeId("cpu", 1), FailureKind.Permanent, "no such folder"), new NodeFailure(new NodeId("cpu", 2), FailureKind.Transient, "job 1.2 has not yet ended")],
            await _provider.LaunchAsync(Requests.Of(1, 3), Ended));
        Assert.Equal(["3"], _queue.Submitted);
    }

    [Fact]
    public async Task A_lost_answer_is_none_to_submit_again()
    {
        _queue.LostAnswer = new ProviderException(FailureKind.Transient, "qsub took longer than 60 s");
        Assert.Empty(await _provider.LaunchAsync(Requests.Of(1, 2), Ended));
        Assert.Equal(["1-2"], _queue.Submitted);
    }

    [Fact]
    public async Task A_request_of_which_nothing_came_is_refused_as_a_whole()
    {
        _queue.Refusals[1] = new ProviderException(FailureKind.Permanent, "no such queue");
        var refusal = await Assert.ThrowsAsync<ProviderException>(() => _provider.LaunchAsync(Requests.Of(1, 2), Ended));
        Assert.Equal("no such queue", refusal.Message);
    }

    [Fact]
    public async Task Of_a_request_in_parts_the_refused_nodes_are_told_and_the_others_come()
    {
        _queue.PartCountMax = 2;
        _queue.Refusals[3] = new ProviderException(FailureKind.Capacity, "only 2 jobs are allowed");
        var failures = await _provider.LaunchAsync(Requests.Of(1, 6), Ended);
        Assert.Equal(["cpu-3", "cpu-4"], failures.Select(static failure => failure.Node.ToString()));
        Assert.All(failures, static failure => Assert.Equal((FailureKind.Capacity, "only 2 jobs are allowed"), (failure.Kind, failure.Message)));
        Assert.Equal(["1-2", "5-6"], _queue.Submitted);
    }

    [Fact]
    public async Task A_node_that_is_there_twice_is_listed_once_and_ended_twice()
    {
        _queue.Add(1, NodeState.Failed, job: 1);
        _queue.Add(1, NodeState.Waiting, job: 2);
        _queue.Add(1, NodeState.Running, job: 3);
        Assert.Equal("job 3.1", Assert.Single(await _provider.ListAsync(Ended)).SystemName);
        await _provider.TerminateAsync([new NodeId("cpu", 1)], Ended);
        Assert.Equal("job 1.1", Assert.Single(await _provider.ListAsync(Ended)).SystemName);
    }

    [Fact]
    public async Task A_complaint_about_a_task_that_has_ended_meanwhile_is_no_failure()
    {
        _queue.Add(1, NodeState.Running);
        _queue.Complaint = new ProviderException(FailureKind.Permanent, "job 1 does not exist");
        await _provider.TerminateAsync([new NodeId("cpu", 1)], Ended);
    }

    [Fact]
    public async Task A_refusal_to_end_a_node_is_told()
    {
        _queue.Add(1, NodeState.Running);
        (_queue.Complaint, _queue.DeletesNothing) = (new ProviderException(FailureKind.Permanent, "you are not the owner"), true);
        var refusal = await Assert.ThrowsAsync<ProviderException>(() => _provider.TerminateAsync([new NodeId("cpu", 1)], Ended));
        Assert.Equal("you are not the owner", refusal.Message);
    }

    [Fact]
    public async Task What_stands_in_the_queue_with_an_error_goes_with_the_cluster()
    {
        _queue.Add(1, NodeState.Failed, isStuck: true);
        _queue.Add(2, NodeState.Waiting);
        await _provider.CleanUpAsync(Ended);
        Assert.Equal("cpu-2", Assert.Single(_queue.Tasks).Node.ToString());
    }

    [Fact]
    public async Task Nothing_is_asked_for_when_there_is_nothing_to_end()
    {
        _queue.Add(1, NodeState.Ending);
        _queue.Add(2, NodeState.Ended);
        _queue.Complaint = new ProviderException(FailureKind.Permanent, "asked for nothing");
        _queue.DeletesNothing = true;
        await _provider.TerminateAsync([new NodeId("cpu", 1), new NodeId("cpu", 2), new NodeId("cpu", 3)], Ended);
    }
}
