using Weft.Client.Tests.Fakes;
using V1 = Weft.Protocol.V1;

namespace Weft.Client.Tests;

public class ConnectionTests : IDisposable
{
    private readonly FakeScheduler _scheduler = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _scheduler.Dispose();

    [Fact]
    public async Task A_resumed_session_finishes_what_was_submitted_before_the_connection_broke()
    {
        await using var client = await FakeScheduler.ConnectAsync(_scheduler);
        _scheduler.Tasks.IsPaused = true;
        var future = client.Submit(x => x + 1, 1);
        var awaited = future.AsTask();
        await Arrived();

        _scheduler.Break();
        _scheduler.Resume();

        Assert.Equal(2, await awaited.WaitAsync(TimeSpan.FromSeconds(10), Cancelled));
    }

    [Fact]
    public async Task A_scheduler_that_was_restarted_fails_pending_futures_promptly_and_takes_new_ones()
    {
        await using var client = await FakeScheduler.ConnectAsync(_scheduler);
        _scheduler.Tasks.IsPaused = true;
        var future = client.Submit(x => x + 1, 1);
        var awaited = future.AsTask();
        var gathered = client.GatherAsync([future]);
        await Arrived();

        _scheduler.Restart("fake-2");

        await Assert.ThrowsAsync<SchedulerRestartedException>(() => awaited.WaitAsync(TimeSpan.FromSeconds(10), Cancelled));
        await Assert.ThrowsAsync<SchedulerRestartedException>(() => gathered.WaitAsync(TimeSpan.FromSeconds(10), Cancelled));
        Assert.Equal(FutureStatus.Lost, future.Status);
        Assert.Equal(3, await client.Submit(x => x + 1, 2));
        Assert.Throws<SchedulerRestartedException>(() => client.Submit(x => x + 1, future));
    }

    [Fact]
    public async Task When_no_scheduler_comes_back_in_time_futures_fail_with_a_reason()
    {
        await using var client = await FakeScheduler.ConnectAsync(_scheduler, new WeftClientOptions { ReconnectTimeout = TimeSpan.FromMilliseconds(100) });
        _scheduler.Tasks.IsPaused = true;
        var awaited = client.Submit(x => x + 1, 1).AsTask();
        await Arrived();

        _scheduler.Welcomes = false;
        _scheduler.Break();

        var lost = await Assert.ThrowsAsync<SchedulerLostException>(() => awaited.WaitAsync(TimeSpan.FromSeconds(10), Cancelled));
        Assert.Contains("none answered", lost.Message);
        Assert.Throws<SchedulerLostException>(() => client.Submit(x => x + 1, 1));
    }

    [Fact]
    public async Task Disposing_says_goodbye_and_fails_what_is_pending()
    {
        var client = await FakeScheduler.ConnectAsync(_scheduler);
        _scheduler.Tasks.IsPaused = true;
        var awaited = client.Submit(x => x + 1, 1).AsTask();

        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => awaited);
        Assert.True(_scheduler.SaidGoodbye);
        Assert.Throws<ObjectDisposedException>(() => client.Submit(x => x + 1, 1));
    }

    [Fact]
    public async Task SubmitAsync_waits_while_too_much_is_unacknowledged()
    {
        _scheduler.Acknowledges = false;
        await using var client = await FakeScheduler.ConnectAsync(_scheduler, new WeftClientOptions { UnacknowledgedBytesMax = 1000 });
        await client.SubmitAsync(c => c.Submit(bytes => bytes.Length, new byte[2000]), Cancelled);

        var waiting = client.SubmitAsync(c => c.Submit(x => x, 1), Cancelled).AsTask();
        await Arrived();
        Assert.False(waiting.IsCompleted);
        _scheduler.Send(new V1.ClientNotice { SubmittedUpTo = 1 });

        Assert.Equal(1, await await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancelled));
    }

    [Fact]
    public async Task Log_lines_of_tasks_are_raised()
    {
        await using var client = await FakeScheduler.ConnectAsync(_scheduler, new WeftClientOptions { FollowLogs = true });
        var heard = new TaskCompletionSource<TaskLogLine>();
        client.Logged += (_, line) => heard.TrySetResult(line);

        _scheduler.Send(new V1.ClientNotice { Logs = { new V1.LogLine { Worker = "w1", Text = "hello" } } });

        Assert.Equal("hello", (await heard.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Text);
    }

    [Fact]
    public async Task The_cluster_tells_about_itself_and_functions_run_on_each_worker()
    {
        await using var client = await FakeScheduler.ConnectAsync(_scheduler);

        var info = await client.GetInfoAsync(Cancelled);

        Assert.Equal("w1", Assert.Single(info.Workers).Name);
        Assert.Equal("w1", Assert.Single(await client.RunOnWorkersAsync(() => TaskContext.Current!.WorkerName, Cancelled)).Value);
    }

    [Fact]
    public async Task Code_is_uploaded_before_the_first_function_that_needs_it()
    {
        await using var client = await WeftClient.ConnectAsync(new WeftConnection(_scheduler.Channel), cancellationToken: Cancelled);
        _scheduler.Tasks.IsPaused = true;

        _ = client.Submit(x => x + 1, 1);
        await Arrived();

        var bundle = _scheduler.Look(fake => fake.Batches[0].Functions[0].Bundle);
        Assert.NotEmpty(bundle);
        Assert.Contains(bundle, _scheduler.Blobs);
        Assert.True(_scheduler.Blobs.Count > 1);
    }

    [Fact]
    public async Task A_missing_scheduler_file_is_waited_for_and_then_named()
    {
        var options = new WeftClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100) };
        var path = Path.Combine(Path.GetTempPath(), $"no-such-{Guid.NewGuid():N}.json");

        var lost = await Assert.ThrowsAsync<SchedulerLostException>(() => WeftClient.ConnectAsync(path, options, Cancelled));

        Assert.Contains(path, lost.Message);
    }

    private async Task Arrived()
    {
        while (_scheduler.CountOfBatches() == 0)
        {
            await Task.Delay(5, Cancelled);
        }
    }
}
