using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests.Loop;

/// <summary>Who works in the loop.</summary>
public sealed class LoopOwnerTests
{
    private const int Threads = 8;
    private const int Each = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task However_many_bring_something_one_is_at_work_and_nothing_is_left_lying()
    {
        using var journal = Journal.Off(1);
        using var loop = new SchedulerLoop(new SchedulerOptions(), journal, [], static _ => { }, static breach => throw breach);
        var (inside, met, done) = (0, 0, 0);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    loop.Post(Work);
                }
            },
            TaskCreationOptions.LongRunning)));
        await loop.AskAsync(static _ => 0).WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, Threads * Each), (met, done));

        void Work()
        {
            met += Interlocked.Increment(ref inside) == 1 ? 0 : 1;
            Thread.SpinWait(20);
            done++;
            Interlocked.Decrement(ref inside);
        }
    }

    [Fact]
    public async Task Who_brings_something_is_let_go_though_there_is_always_more_to_do()
    {
        using var journal = Journal.Off(1);
        using var loop = new SchedulerLoop(new SchedulerOptions(), journal, [], static _ => { }, static breach => throw breach);
        var isEnough = false;
        try
        {
            await Task.Run(() => loop.Post(Again), TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.True(loop.Pending > 0);
        }
        finally
        {
            Volatile.Write(ref isEnough, true);
        }

        await loop.AskAsync(static _ => 0).WaitAsync(TestContext.Current.CancellationToken);

        void Again()
        {
            if (!Volatile.Read(ref isEnough))
            {
                loop.Post(Again);
            }
        }
    }

    [Fact]
    public async Task A_stop_between_two_turns_that_belong_together_ends_the_work()
    {
        using var folder = new JournalFixture();
        using var journal = folder.Open(out _);
        using var loop = new SchedulerLoop(new SchedulerOptions(), journal, [], static _ => { }, static breach => throw breach);
        await loop.ReadyAsync(TestContext.Current.CancellationToken);

        await Task.Run(() => loop.Post(LeaveMoreToDo), TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => loop.Pending == 0, Patience));

        // What is on the disk before the turn is over is told in the next one, which begins with the stop.
        void LeaveMoreToDo()
        {
            journal.Append(JournalFixture.Fact(1));
            journal.Write();
            Assert.True(SpinWait.SpinUntil(() => journal.Synced == journal.Appended, Patience));
            for (var i = 1; i < SchedulerLoop.BatchMax; i++)
            {
                loop.Post(static () => { });
            }

            _ = loop.StopAsync();
        }
    }
}
