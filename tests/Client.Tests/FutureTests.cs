using Weft.Client.Tests.Fakes;

namespace Weft.Client.Tests;

public class FutureTests : IAsyncLifetime
{
    private static int _attempts;

    private readonly FakeScheduler _scheduler = new();
    private WeftClient _client = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _client = await FakeScheduler.ConnectAsync(_scheduler);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _scheduler.Dispose();
    }

    [Fact]
    public async Task A_future_that_is_awaited_but_not_kept_is_held_until_its_result_comes()
    {
        _scheduler.Tasks.IsPaused = true;
        var awaited = AwaitOnly();
        await Until(() => _scheduler.CountOfBatches() > 0);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _scheduler.Resume();

        Assert.Equal(4, await awaited.WaitAsync(TimeSpan.FromSeconds(5), Cancelled));

        async Task<int> AwaitOnly() => await _client.Submit(x => x + 1, 3);
    }

    [Fact]
    public async Task Futures_that_nobody_holds_are_released()
    {
        await SubmitAndDrop();
        await Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return _scheduler.Look(fake => fake.Tasks.ReleasedCount) == 11;
        });

        async Task SubmitAndDrop()
        {
            await _client.Submit(x => x, 1);
            await _client.GatherAsync(_client.Map(x => x, Enumerable.Range(0, 10)));
        }
    }

    [Fact]
    public async Task An_element_keeps_its_range_alive_and_disposing_releases_at_once()
    {
        var list = _client.Map(x => x, Enumerable.Range(0, 10));
        Assert.Same(list[3], list[3]);

        list[3].Dispose();
        await Until(() => _scheduler.Look(fake => fake.Tasks.ReleasedCount) == 1);
        Assert.Equal(FutureStatus.Lost, list[3].Status);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await list[3]);
        list.Dispose();
        await Until(() => _scheduler.Look(fake => fake.Tasks.ReleasedCount) == 10);
    }

    [Fact]
    public async Task A_cancelled_task_throws_a_cancellation()
    {
        _scheduler.Tasks.IsPaused = true;
        var future = _client.Submit(x => x, 1);

        await future.CancelAsync(Cancelled);

        Assert.Equal(FutureStatus.Cancelled, future.Status);
        await Assert.ThrowsAsync<FutureCancelledException>(async () => await future);
    }

    [Fact]
    public async Task A_token_cancels_the_tasks_that_were_submitted_with_it()
    {
        _scheduler.Tasks.IsPaused = true;
        using var source = new CancellationTokenSource();
        var byOption = _client.Map(x => x, Enumerable.Range(0, 5), new TaskOptions { Cancellation = source.Token });
        var byArgument = _client.Submit((int x, CancellationToken _) => x, 1, source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAsync<FutureCancelledException>(() => _client.GatherAsync(byOption));
        await Assert.ThrowsAsync<FutureCancelledException>(async () => await byArgument);
    }

    [Fact]
    public async Task A_failed_task_that_is_retried_runs_again()
    {
        _attempts = 0;
        var future = _client.Submit(() => ++_attempts == 1 ? throw new FormatException("first") : _attempts);
        await Assert.ThrowsAsync<FormatException>(async () => await future);

        await future.RetryAsync(Cancelled);

        Assert.Equal(2, await future);
    }

    [Fact]
    public async Task A_task_is_replayed_here_with_the_arguments_it_had()
    {
        var offset = 1;
        var inputs = _client.Map(x => x * 2, new[] { 1, 2, 3 });
        var sum = _client.Submit((List<int> values) => values.Sum() + offset, inputs);
        var failing = _client.Map((x, y) => x / (y - 4), inputs, inputs);

        Assert.Equal(13, await sum.ReplayLocallyAsync(Cancelled));
        Assert.Equal(-1, await failing[0].ReplayLocallyAsync(Cancelled));
        await Assert.ThrowsAsync<DivideByZeroException>(() => failing[1].ReplayLocallyAsync(Cancelled));
        await Assert.ThrowsAsync<DivideByZeroException>(async () => await failing[1]);
    }

    [Fact]
    public async Task A_key_joins_equal_work_and_refuses_other_work()
    {
        var options = new TaskOptions { Key = "answer" };
        var first = _client.Submit(x => x, 42, options);
        var second = _client.Submit(Same, 41, options with { Key = "other" });
        var third = _client.Submit(Same, 41, options with { Key = "other" });

        Assert.Equal("answer", first.Key);
        Assert.Equal((41, 41), (await second, await third));
        Assert.Equal(2, _scheduler.Look(fake => fake.Tasks.Count));
        var refused = Assert.Throws<KeyInUseException>(() => _client.Submit(Same, 40, options with { Key = "other" }));
        Assert.Equal("other", refused.Key);
    }

    [Fact]
    public async Task When_any_and_when_all_follow_the_tasks_ends()
    {
        _scheduler.Tasks.IsPaused = true;
        var futures = _client.Map(x => 6 / x, new[] { 1, 2, 0 });
        var any = _client.WhenAny(futures, Cancelled);
        var all = _client.WhenAll(futures, Cancelled);
        Assert.False(any.IsCompleted || all.IsCompleted);

        _scheduler.Resume();

        Assert.Contains(await any, futures);
        await Assert.ThrowsAsync<DivideByZeroException>(() => all);
        await _client.WhenAll(futures[..2], Cancelled);
        await Assert.ThrowsAsync<ArgumentException>(() => _client.WhenAny<Future<int>>([], Cancelled));
    }

    [Fact]
    public async Task Gathering_fails_with_the_first_failure_and_leaves_the_others_alone()
    {
        var futures = _client.Map(x => 6 / x, new[] { 1, 0, 2 });

        await Assert.ThrowsAsync<DivideByZeroException>(() => _client.GatherAsync(futures));
        Assert.Equal((6, 3), (await futures[0], await futures[2]));
        Assert.Equal<int[]>([3, 6, 6], await _client.GatherAsync(new List<Future<int>> { futures[2], futures[0], futures[0] }));
    }

    [Fact]
    public async Task A_map_without_results_is_a_list_to_wait_for()
    {
        var list = _client.Map(x => Console.Out.Flush(), Enumerable.Range(0, 3));

        await _client.WhenAll(list, Cancelled);
        await list[2];
        Assert.Equal("<FutureList: count: 3, type: Void>", list.ToString());
    }

    [Fact]
    public async Task A_future_of_another_client_is_refused()
    {
        await using var other = await FakeScheduler.ConnectAsync(_scheduler);
        var foreign = other.Submit(Same, 1);

        Assert.Throws<ArgumentException>(() => _client.Submit(Same, foreign));
        Assert.Throws<ArgumentException>(() => _client.Map(Same, [foreign]));
    }

    private static int Same(int x) => x;

    private static async Task Until(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(5, Cancelled).WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        }
    }
}
