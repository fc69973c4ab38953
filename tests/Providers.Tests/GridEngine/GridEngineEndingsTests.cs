using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

public sealed class GridEngineEndingsTests
{
    private readonly ManualTime _time = new();
    private readonly GridEngineEndings _endings;
    private int _asked;
    private string _accounting = "";

    public GridEngineEndingsTests() => _endings = new GridEngineEndings(AnswerAsync, _time);

    [Fact]
    public async Task How_a_task_ended_is_told_for_five_minutes_after_it_has_gone()
    {
        await ListAsync(Running(1), Running(2));
        _accounting = Ended(2, "3");
        Assert.Equal(["cpu-1 Running ", "cpu-2 Failed exit code 3"], Told(await ListAsync(Running(1))));
        _time.Advance(300);
        Assert.Equal(["cpu-1 Running ", "cpu-2 Failed exit code 3"], Told(await ListAsync(Running(1))));
        _time.Advance(1);
        Assert.Equal(["cpu-1 Running "], Told(await ListAsync(Running(1))));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_task_that_was_never_seen_in_the_queue_is_known_from_its_submission()
    {
        _endings.Submitted(80, Requests.Of(1, 1));
        _accounting = Ended(1, "0");
        Assert.Equal(["cpu-1 Ended "], Told(await ListAsync()));
    }

    [Fact]
    public async Task Accounting_comes_late_and_is_asked_for_seldom_and_not_for_ever()
    {
        await ListAsync(Running(1));
        for (var second = 0; second <= 120; second++)
        {
            Assert.Empty(await ListAsync());
            _time.Advance(1);
        }

        Assert.Equal(13, _asked);
    }

    [Fact]
    public async Task Of_a_task_that_was_told_to_end_nothing_is_asked()
    {
        await ListAsync(Running(1), Running(2));
        _endings.Deleted([Running(1)]);
        await ListAsync(Running(2) with { State = NodeState.Ending });
        await ListAsync();
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task Where_there_is_no_accounting_the_list_is_as_good_without()
    {
        var silent = new GridEngineEndings(static (_, _, _, _) => throw new ProviderException(FailureKind.Permanent, "the program 'qacct' cannot be run"), _time);
        silent.Submitted(80, Requests.Of(1, 1));
        Assert.Empty(await silent.AddAsync([], TestContext.Current.CancellationToken));
    }

    private Task<IReadOnlyList<QueueTask>> ListAsync(params QueueTask[] queued) => _endings.AddAsync(queued, TestContext.Current.CancellationToken);

    private Task<CommandResult> AnswerAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellation)
    {
        Assert.Equal("qacct -j 80", $"{program} {string.Join(' ', arguments)}");
        _asked++;
        return Task.FromResult(Requests.Printed(_accounting));
    }

    private static string Ended(int task, string exit) => $"====\njobnumber 80\ntaskid {task}\nfailed 0\nexit_status {exit}\n";

    private static QueueTask Running(int number) => GridEngineJobList.Task(new NodeId("cpu", number), 80, NodeState.Running);

    private static IEnumerable<string> Told(IEnumerable<QueueTask> tasks) => tasks.Select(static task => $"{task.Node} {task.State} {task.Detail}");
}
