using Weft.Worker.Tests.Kit;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests;

public sealed class SetupTests
{
    private static readonly TaskCompletionSource Gate = new();

    [Fact]
    public async Task A_worker_that_joined_after_a_setup_leaves_with_the_reason_when_it_fails_there()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.Stream.SendAsync(new V1.WorkerOrders
        {
            Functions = { Calls.Function(1, Fail), Calls.Function(2, Identity) },
            Setups = { Setup(Fail, 1, mustSucceed: true) },
            Assignments = { Calls.Map(0, 2, Identity, 5) },
        });

        var end = await worker.Host.Completion;

        Assert.Equal(WorkerEndReason.SetupFailed, end.Reason);
        Assert.Equal("The worker setup 1 of session 0 failed here: System.InvalidOperationException: no licence", end.Message);
        await worker.Stream.Until(() => worker.Stream.SaidGoodbye);
        Assert.Empty(worker.Stream.Order);
    }

    [Fact]
    public async Task A_present_worker_fails_the_sessions_tasks_with_the_setups_exception_until_it_is_withdrawn()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.Stream.SendAsync(new V1.WorkerOrders
        {
            Functions = { Calls.Function(1, Fail), Calls.Function(2, Identity) },
            Setups = { Setup(Fail, 1, mustSucceed: false) },
            Assignments = { Calls.Map(0, 2, Identity, 5) },
        });
        await worker.Stream.Until(() => worker.Stream.Failed.Count == 1);
        Assert.Equal("no licence", worker.Stream.Failed[0].Message);

        await worker.Stream.SendAsync(new V1.WorkerOrders
        {
            Setups = { new V1.WorkerSetup { Number = 1 } },
            Assignments = { Calls.Map(1, 2, Identity, 5) },
        });

        await worker.Stream.Until(() => worker.Stream.Order.Count == 1);
    }

    [Fact]
    public async Task Withdrawing_a_setup_that_still_runs_lets_tasks_go_on()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.Stream.SendAsync(new V1.WorkerOrders
        {
            Functions = { Calls.Function(1, Pass), Calls.Function(2, Identity) },
            Setups = { Setup(Pass, 1, mustSucceed: true) },
            Assignments = { Calls.Map(0, 2, Identity, 5) },
        });

        await worker.Stream.SendAsync(new V1.WorkerOrders { Setups = { new V1.WorkerSetup { Number = 1 } } });

        await worker.Stream.Until(() => worker.Stream.Order.Count == 1);
        Gate.SetResult();
    }

    private static V1.WorkerSetup Setup(Action function, uint number, bool mustSucceed) => new()
    {
        Number = number,
        Function = number,
        Arguments = Calls.NoArguments(0, 1, number, function).SharedArguments,
        MustSucceed = mustSucceed,
    };

    private static int Identity(int value) => value;

    private static void Fail() => throw new InvalidOperationException("no licence");

    private static void Pass() => Gate.Task.Wait();
}
