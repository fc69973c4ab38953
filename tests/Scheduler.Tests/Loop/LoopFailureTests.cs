using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests.Loop;

/// <summary>What the loop does when something that cannot happen does.</summary>
public sealed class LoopFailureTests
{
    [Fact]
    public async Task Any_failure_within_a_turn_is_a_breach_and_is_told_at_once()
    {
        using var journal = Journal.Off(1);
        var told = new TaskCompletionSource<InvariantException>();
        using var loop = new SchedulerLoop(new SchedulerOptions(), journal, [], static _ => { }, breach => told.TrySetResult(breach));

        loop.Post(static () => throw new InvalidOperationException("what nobody thought of"));

        var breach = await told.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("what nobody thought of", breach.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_a_message_cannot_be_written_to_is_sent_away()
    {
        using var journal = Journal.Off(1);
        using var loop = new SchedulerLoop(new SchedulerOptions(), journal, [], static _ => { }, static breach => throw breach);
        var peer = new WorkerPeer(new WorkerId(1), new WorkerHello(), loop.Functions, new FullStream(), loop.OnWritten, TestContext.Current.CancellationToken);

        peer.Outbox.Open(0).Welcome = new WorkerWelcome();
        peer.Outbox.Flush();

        var why = await peer.Dismissed.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(StatusCode.Aborted, why.StatusCode);
        Assert.Contains("too large", why.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_a_session_that_has_ended_is_not_given_out_again_after_restarts()
    {
        using var journal = new JournalFixture();
        var numbers = new List<uint>();
        for (var start = 0; start < 3; start++)
        {
            await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions { JournalFolder = journal.Folder });
            using var channel = new InProcessChannel(host.Services);
            if (start == 1)
            {
                // This one only writes its snapshot.
                continue;
            }

            using var client = await BareClient.ConnectAsync(channel);
            numbers.Add(client.Session.Value);
            await client.SendAsync(new ClientBatch { Goodbye = true });
            while ((await channel.AsyncUnaryCall(WeftServices.ControlGetInfo, default, new InfoRequest())).Clients > 0)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal([1u, 2u], numbers);
    }

    private sealed class FullStream : IServerStreamWriter<WorkerOrders>
    {
        public WriteOptions? WriteOptions { get; set; }

        public ValueTask WriteAsync(WorkerOrders message, CancellationToken cancellationToken) => throw new RpcException(new Status(StatusCode.ResourceExhausted, "the message is too large"));
    }
}
