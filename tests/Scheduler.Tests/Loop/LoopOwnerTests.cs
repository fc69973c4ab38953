using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests.Loop;

/// <summary>Who works in the loop.</summary>
public sealed class LoopOwnerTests
{
    private const int Threads = 8;
    private const int Each = 100_000;

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
}
