using System.Globalization;
using Weft.Autoscaler.Core;
using Weft.Provisioning;
using static Weft.Launcher.Tests.Autoscaling.FakeProvider;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class NodeFailuresTests
{
    private readonly FakeProvider _provider = new();
    private readonly NodeFailures _failures = new();

    [Fact]
    public async Task A_node_that_fails_before_its_worker_has_joined_is_told_once_as_a_failure_for_good()
    {
        await NoteAsync([]);
        await NoteAsync([], Node("cpu-1", NodeState.Running));

        Assert.Equal([new NodeId("cpu", 1)], await NoteAsync([], Node("cpu-1", NodeState.Failed, "exit code 3: no such program")));
        Assert.Empty(await NoteAsync([], Node("cpu-1", NodeState.Failed, "exit code 3: no such program")));
        Assert.Equal(["cpu-1: exit code 3: no such program (permanent)"], Lines());
        Assert.Equal(1ul, _failures.Count);
    }

    [Fact]
    public async Task A_failure_without_a_word_is_told_in_ours()
    {
        await NoteAsync([]);
        await NoteAsync([], Node("cpu-1", NodeState.Failed));

        Assert.Equal(["cpu-1: it ended with an error (permanent)"], Lines());
    }

    [Fact]
    public async Task A_node_that_fails_after_its_worker_had_joined_is_ended_and_is_no_failed_launch()
    {
        await NoteAsync([]);
        await NoteAsync(["cpu-1"], Node("cpu-1", NodeState.Running));
        await NoteAsync([], Node("cpu-1", NodeState.Running));

        Assert.Equal([new NodeId("cpu", 1)], await NoteAsync([], Node("cpu-1", NodeState.Failed)));
        Assert.Empty(_failures.Kept);
        Assert.Equal(0ul, _failures.Count);
    }

    [Fact]
    public async Task A_node_that_had_joined_and_is_told_as_failed_after_a_while_on_no_list_is_no_failed_launch()
    {
        await NoteAsync([]);
        await NoteAsync(["cpu-1"], Node("cpu-1", NodeState.Running));
        await NoteAsync([]);
        await NoteAsync([]);

        Assert.Equal([new NodeId("cpu", 1)], await NoteAsync([], Node("cpu-1", NodeState.Failed, "exit code 137")));
        Assert.Empty(_failures.Kept);
    }

    [Fact]
    public async Task Nodes_that_had_failed_before_this_autoscaler_began_are_ended_and_are_not_its_failures()
    {
        Assert.Equal([new NodeId("cpu", 1)], await NoteAsync([], Node("cpu-1", NodeState.Failed), Node("cpu-2", NodeState.Running)));
        Assert.Empty(_failures.Kept);

        Assert.Equal([new NodeId("cpu", 2)], await NoteAsync([], Node("cpu-1", NodeState.Failed), Node("cpu-2", NodeState.Failed)));
        Assert.Equal(["cpu-2: it ended with an error (permanent)"], Lines());
    }

    [Fact]
    public async Task A_list_that_could_not_be_had_is_not_the_first_and_forgets_nothing()
    {
        _provider.Problem = "no answer";
        await NoteAsync(["cpu-2"]);
        _provider.Problem = null;
        Assert.Equal([new NodeId("cpu", 1)], await NoteAsync([], Node("cpu-1", NodeState.Failed), Node("cpu-2", NodeState.Running)));
        Assert.Empty(_failures.Kept);

        // The worker of cpu-2 had joined while there was no list.
        await NoteAsync([], Node("cpu-2", NodeState.Failed));
        Assert.Empty(_failures.Kept);
    }

    [Fact]
    public void Refused_launches_are_told_by_node_or_by_type()
    {
        _failures.Note(new LaunchAnswered("cpu", 1, 3, null));
        _failures.Note(new LaunchAnswered("cpu", 4, 1, new LaunchFailure(LaunchFailureKind.Permanent, "no such queue")));
        _failures.Note(new LaunchAnswered("gpu", 1, 2, new LaunchFailure(LaunchFailureKind.Capacity, "none left")));
        _failures.Note(new LaunchAnswered("gpu", 1, 2, new LaunchFailure(LaunchFailureKind.Transient, "no answer")));

        Assert.Equal(["cpu-4: no such queue (permanent)", "gpu: none left", "gpu: no answer"], Lines());
    }

    [Fact]
    public void The_newest_hundred_are_kept_and_all_are_counted()
    {
        for (var number = 1; number <= 105; number++)
        {
            _failures.Note(new LaunchAnswered("cpu", number, 1, new LaunchFailure(LaunchFailureKind.Transient, "no answer")));
        }

        Assert.Equal(Enumerable.Range(6, 100).Select(static number => string.Create(CultureInfo.InvariantCulture, $"cpu-{number}: no answer")), Lines());
        Assert.Equal(105ul, _failures.Count);
    }

    private async Task<IReadOnlyList<NodeId>> NoteAsync(string[] joined, params ClusterNode[] nodes)
    {
        var workers = joined.Select(static name => NodeId.TryParse(name, out var id) ? new ObservedWorker { Name = name, Node = new NodeKey(id.Type, id.Number), Slots = 1 } : null!);
        return _failures.Note(await _provider.LookAsync(nodes), [.. workers, new ObservedWorker { Name = "stranger", Slots = 1 }]);
    }

    private IEnumerable<string> Lines() => _failures.Kept.Select(static failure => $"{failure.Node}: {failure.Message}{(failure.Permanent ? " (permanent)" : "")}");
}
