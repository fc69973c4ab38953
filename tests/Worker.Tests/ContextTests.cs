using Weft.Primitives;
using Weft.Worker.Tests.Kit;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests;

/// <summary>What tasks know of themselves, and how they wait inside for others.</summary>
public sealed class ContextTests
{
    private static readonly TaskCompletionSource<int> Awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Describe(int number) => $"{TaskContext.Current!.Key} {TaskContext.Current.TaskId} {TaskContext.Current.Attempt} {TaskContext.Current.WorkerName} {number}";

    private static async Task<int> WaitInsideAsync(int number)
    {
        var scope = TaskScope.Current!;
        ((IWaitInside)scope.Wait).Enter();
        var awaited = await Awaited.Task;
        await ((IWaitInside)scope.Wait).ExitAsync();
        return number + awaited;
    }

    private static int WaitBlocking(int number) => WaitInsideAsync(number).GetAwaiter().GetResult();

    private static int Release(int number)
    {
        Awaited.TrySetResult(number);
        return number;
    }

    [Fact]
    public async Task Each_call_has_a_context_of_its_own()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Describe));
        await worker.SendAsync(Calls.Map(16, 1, Describe, [.. Enumerable.Range(0, 50)]));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 50);
        Assert.Equal("Describe-10 0.16 1 w 0", Calls.Read<string>(worker.Stream.Values[16]));
        Assert.Equal("Describe-41 0.65 1 w 49", Calls.Read<string>(worker.Stream.Values[65]));
    }

    [Fact]
    public async Task Tasks_that_wait_inside_leave_the_only_slot_to_the_task_they_wait_for()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, WaitInsideAsync), Calls.Function(2, WaitBlocking), Calls.Function(3, Release));
        await worker.SendAsync(
            Calls.Map(0, 1, WaitInsideAsync, 1, 2, 3),
            Calls.Map(10, 2, WaitBlocking, 4, 5),
            Calls.Map(20, 3, Release, 100));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 6);
        Assert.Equal([101, 102, 103, 104, 105, 100], worker.Stream.Values.OrderBy(value => value.Key).Select(value => Calls.Read<int>(value.Value)));
        Assert.Equal([0UL, 1UL, 2UL, 10UL, 11UL], worker.Stream.Waiting.Order());
        Assert.Equal(worker.Stream.Waiting.Order(), worker.Stream.Resumed.Order());
        Assert.Empty(worker.Stream.Failed);
    }
}
