using Weft.Primitives;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests;

public sealed class WorkerOrdersWriterTests
{
    private static readonly SchedulerAction Free = new(ActionKind.Free, 1, new TaskRun(new TaskId(new SessionId(1), 7)));

    [Fact]
    public void What_is_freed_after_it_was_sent_goes_into_the_next_message()
    {
        var orders = new WorkerOrders();
        Assert.True(WorkerOrdersWriter.Fits(orders, Free));
        orders.KeptValues.Add(new KeptValues());
        Assert.False(WorkerOrdersWriter.Fits(orders, Free));
    }

    [Fact]
    public void What_is_sent_after_it_was_freed_may_share_its_message()
    {
        var orders = new WorkerOrders { Free = { new Run { First = 7, Count = 1 } } };
        Assert.True(WorkerOrdersWriter.Fits(orders, Free with { Kind = ActionKind.SendKeptValues }));
    }
}
