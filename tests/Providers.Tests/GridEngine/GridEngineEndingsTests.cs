using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Providers.Tests.Ssh;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

public sealed class GridEngineEndingsTests
{
    private readonly ManualTime _time = new();
    private readonly GridEngineEndings _endings;
    private int _asked;
    private string _accounting = "";
    private Func<CancellationToken, Task<CommandResult>>? _answer;

    public GridEngineEndingsTests() => _endings = new GridEngineEndings("demo", AnswerAsync, _time);

    [Fact]
    public void How_a_task_ended_is_told_for_five_minutes()
    {
        List(Running(1), Running(2));
        _accounting = Ended(2, "3");
        Assert.Equal(["cpu-1 Running ", "cpu-2 Failed exit code 3"], Told(List(Running(1))));
        _time.Advance(300);
        Assert.Equal(["cpu-1 Running ", "cpu-2 Failed exit code 3"], Told(List(Running(1))));
        _time.Advance(1);
        Assert.Equal(["cpu-1 Running "], Told(List(Running(1))));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void A_task_that_was_never_seen_in_the_queue_is_known_from_its_submission()
    {
        _endings.Submitted(80, Requests.Of(1, 1));
        _accounting = Ended(1, "0");
        Assert.Equal(["cpu-1 Ended "], Told(List()));
    }

    [Fact]
    public void Accounting_comes_late_and_is_asked_for_seldom_and_not_for_ever()
    {
        List(Running(1));
        for (var second = 0; second <= 120; second++)
        {
            Assert.Empty(List());
            _time.Advance(1);
        }

        Assert.Equal(13, _asked);
    }

    [Fact]
    public void Of_a_task_that_was_told_to_end_nothing_is_asked()
    {
        List(Running(1), Running(2));
        _endings.Deleted([Running(1)]);
        List(Running(2) with { State = NodeState.Ending });
        List();
        Assert.Equal(0, _asked);
    }

    [Fact]
    public void Where_there_is_no_accounting_the_list_is_as_good_without()
    {
        var silent = new GridEngineEndings("demo", static (_, _, _, _) => throw new ProviderException(FailureKind.Permanent, "the program 'qacct' cannot be run"), _time);
        silent.Submitted(80, Requests.Of(1, 1));
        Assert.Empty(silent.Add([]));
    }

    [Fact]
    public async Task A_list_does_not_wait_for_accounting_and_tells_an_ending_once_it_is_known_however_late()
    {
        var held = new TaskCompletionSource<CommandResult>();
        _answer = _ => held.Task;
        List(Running(1), Running(2));
        Assert.Equal(["cpu-1 Running "], Told(List(Running(1))));
        _time.Advance(400);
        Assert.Equal(["cpu-1 Running "], Told(List(Running(1))));
        Assert.Equal(1, _asked);

        held.SetResult(Requests.Printed(Ended(2, "3")));
        await Wait.UntilAsync("it is told", () => Task.FromResult(Told(List(Running(1))).SequenceEqual(["cpu-1 Running ", "cpu-2 Failed exit code 3"])));
        _time.Advance(300);
        Assert.Equal(["cpu-1 Running ", "cpu-2 Failed exit code 3"], Told(List(Running(1))));
        _time.Advance(1);
        Assert.Equal(["cpu-1 Running "], Told(List(Running(1))));
    }

    [Fact]
    public async Task What_has_gone_while_accounting_was_slow_is_asked_for_too()
    {
        var held = new TaskCompletionSource<CommandResult>();
        _answer = _ => held.Task;
        List(Running(1), Running(2));
        List(Running(2));
        _time.Advance(1);
        List();
        _time.Advance(400);
        List();
        _answer = null;
        held.SetResult(Requests.Printed(""));
        _accounting = Ended(2, "3");
        await Wait.UntilAsync("it is told", () =>
        {
            _time.Advance(1);
            return Task.FromResult(Told(List()).SequenceEqual(["cpu-2 Failed exit code 3"]));
        });
    }

    [Fact]
    public async Task Whoever_is_disposed_of_asks_no_more()
    {
        _answer = async ending =>
        {
            await Task.Delay(Timeout.Infinite, ending);
            return Requests.Printed("");
        };
        List(Running(1));
        List();
        await _endings.DisposeAsync();
        _time.Advance(10);
        List();
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void Of_several_records_the_last_of_ones_own_job_counts()
    {
        List(Running(1), Running(2), Running(3));
        // Numbers of jobs begin again some day.
        _accounting = Ended(1, "3") + Ended(1, "4") + Ended(1, "5", "simulation") + Ended(2, "6", "weft.demo.gpu") + Ended(3, "7", "weft.demo-2.cpu");
        Assert.Equal(["cpu-1 Failed exit code 4"], Told(List()));
    }

    private IReadOnlyList<QueueTask> List(params QueueTask[] queued) => _endings.Add(queued);

    private Task<CommandResult> AnswerAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellation)
    {
        Assert.Equal("qacct -j 80", $"{program} {string.Join(' ', arguments)}");
        _asked++;
        return _answer is null ? Task.FromResult(Requests.Printed(_accounting)) : _answer(cancellation);
    }

    private static string Ended(int task, string exit, string name = "weft.demo.cpu") => $"====\njobname {name}\njobnumber 80\ntaskid {task}\nfailed 0\nexit_status {exit}\n";

    private static QueueTask Running(int number) => GridEngineJobList.Task(new NodeId("cpu", number), 80, NodeState.Running);

    private static IEnumerable<string> Told(IEnumerable<QueueTask> tasks) => tasks.Select(static task => $"{task.Node} {task.State} {task.Detail}");
}
