using Weft.Client.Tests.Fakes;

namespace Weft.Client.Tests;

public class TaskContextTests
{
    [Fact]
    public async Task Waiting_for_a_future_inside_a_task_gives_up_the_slot_and_takes_it_again()
    {
        using var scheduler = new FakeScheduler();
        await using var client = await FakeScheduler.ConnectAsync(scheduler);
        scheduler.Tasks.IsPaused = true;
        var slot = new CountedSlot();
        using var inside = TaskContext.Create(new TaskContextValues { Key = "outer", WaitInside = slot, Client = () => client }).Enter();

        var waiting = TaskContext.Current!.Client.Submit(x => x, 1).AsTask();
        Assert.Equal((1, 0), (slot.Entered, slot.Left));
        scheduler.Resume();

        Assert.Equal(1, await waiting);
        Assert.Equal((1, 1), (slot.Entered, slot.Left));
    }

    [Fact]
    public void A_context_is_current_only_within_its_scope()
    {
        Assert.Null(TaskContext.Current);
        using (TaskContext.Create(new TaskContextValues { Key = "k" }).Enter())
        {
            Assert.Equal("k", TaskContext.Current!.Key);
            Assert.Throws<InvalidOperationException>(() => TaskContext.Current!.Client);
        }

        Assert.Null(TaskContext.Current);
    }

    private sealed class CountedSlot : IWaitInside
    {
        public int Entered { get; private set; }

        public int Left { get; private set; }

        public void Enter() => Entered++;

        public ValueTask ExitAsync()
        {
            Left++;
            return ValueTask.CompletedTask;
        }
    }
}
