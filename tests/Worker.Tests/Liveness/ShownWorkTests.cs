using System.Collections.Concurrent;
using Weft.Primitives;
using Weft.Worker.Core;
using Weft.Worker.Tests.Kit;

namespace Weft.Worker.Tests.Liveness;

/// <summary>What the life page of a real worker shows while its tasks run.</summary>
public sealed class ShownWorkTests : IAsyncLifetime
{
    private static readonly ConcurrentDictionary<int, (TaskCompletionSource Entered, TaskCompletionSource Open)> Gates = new();
    private static int _gates;

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-shown-").FullName;
    private LifePage _page = null!;
    private WorkerFixture _worker = null!;

    public async ValueTask InitializeAsync()
    {
        var path = Path.Combine(_folder, "life");
        _page = LifePage.Create(path, slots: 2);
        _worker = await WorkerFixture.StartAsync(slots: 2, options => options with { LifePage = LifePage.Open(path) });
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _page.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_hello_says_that_somebody_watches_and_names_the_incarnation_of_the_page()
    {
        Assert.True(_worker.Stream.Hello.Supervised);
        Assert.Equal(_worker.Stream.Hello.Incarnation.ToByteArray(), _page.ReadIncarnation());
    }

    [Fact]
    public async Task A_running_task_is_shown_and_an_ended_one_is_not()
    {
        var (gate, other) = (NewGate(), NewGate());
        await _worker.DefineAsync(Calls.Function(1, Pass));
        await _worker.SendAsync(Calls.Map(40, 1, Pass, gate, other));

        await Gates[gate].Entered.Task;
        Assert.Contains(Shown(40), _page.ReadRunning());
        Gates[gate].Open.SetResult();
        Gates[other].Open.SetResult();
        await _worker.Stream.Until(() => _worker.Stream.Values.Count == 2);

        Assert.Empty(_page.ReadRunning());
    }

    [Fact]
    public async Task A_task_that_is_given_up_at_its_limit_is_not_shown_any_more()
    {
        var gate = NewGate();
        await _worker.DefineAsync(Calls.Function(1, Pass));
        var run = Calls.Map(10, 1, Pass, gate);
        run.RunTimeoutMs = 1;
        await _worker.SendAsync(run);

        await _worker.Stream.Until(() => _worker.Stream.Failed.ContainsKey(10));

        Assert.Empty(_page.ReadRunning());
        Gates[gate].Open.SetResult();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_runs_on_over_a_broken_connection_is_shown_on_and_what_an_ended_incarnation_still_runs_is_not(bool knowsPast)
    {
        _worker.Scheduler.KnowsPast = knowsPast;
        var gate = NewGate();
        await _worker.DefineAsync(Calls.Function(1, Pass));
        await _worker.SendAsync(Calls.Map(10, 1, Pass, gate));
        await Gates[gate].Entered.Task;

        _worker.Stream.Kill();
        _worker.Stream = await _worker.Scheduler.AcceptAsync();
        if (!knowsPast)
        {
            _worker.Stream = await _worker.Scheduler.AcceptAsync();
        }

        Assert.Equal(knowsPast ? [Shown(10)] : [], _page.ReadRunning());
        Assert.Equal(_worker.Stream.Hello.Incarnation.ToByteArray(), _page.ReadIncarnation());
        Gates[gate].Open.SetResult();
    }

    [Fact]
    public async Task Attempts_that_wait_inside_are_shown_beside_what_runs_in_their_slots()
    {
        var (awaited, running) = (NewGate(), NewGate());
        await _worker.DefineAsync(Calls.Function(1, WaitInsideAsync), Calls.Function(2, Pass));
        await _worker.SendAsync(Calls.Map(10, 1, WaitInsideAsync, awaited, awaited, awaited), Calls.Map(20, 2, Pass, running));
        await _worker.Stream.Until(() => _worker.Stream.Waiting.Count == 3);
        await Gates[running].Entered.Task;

        Assert.Equal([Shown(10), Shown(11), Shown(12), Shown(20)], _page.ReadRunning().OrderBy(static run => run.Run.First));
        Gates[awaited].Open.SetResult();
        Gates[running].Open.SetResult();
        await _worker.Stream.Until(() => _worker.Stream.Values.Count == 4);

        Assert.Empty(_page.ReadRunning());
    }

    private static async Task<int> WaitInsideAsync(int gate)
    {
        var wait = (IWaitInside)TaskScope.Current!.Wait;
        wait.Enter();
        await Gates[gate].Open.Task;
        await wait.ExitAsync();
        return gate;
    }

    private static int Pass(int gate)
    {
        Gates[gate].Entered.TrySetResult();
        Gates[gate].Open.Task.Wait();
        return gate;
    }

    private static int NewGate()
    {
        var number = Interlocked.Increment(ref _gates);
        Gates[number] = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return number;
    }

    private static AttemptRun Shown(ulong task) => new(new TaskRun(new TaskId(task)), new Attempt(1));
}
