using Google.Protobuf;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler.Tests;

/// <summary>A client that speaks the bare protocol.</summary>
internal sealed class BareClient : IDisposable
{
    private readonly AsyncDuplexStreamingCall<ClientBatch, ClientNotice> _call;

    private BareClient(AsyncDuplexStreamingCall<ClientBatch, ClientNotice> call, ClientWelcome welcome)
    {
        _call = call;
        Welcome = welcome;
    }

    public ClientWelcome Welcome { get; }

    public SessionId Session => new(Welcome.Session);

    public static async Task<BareClient> ConnectAsync(CallInvoker invoker, ClientHello? hello = null)
    {
        var call = invoker.AsyncDuplexStreamingCall(WeftServices.SessionConnect, new CallOptions(CancellationToken: TestContext.Current.CancellationToken));
        await call.RequestStream.WriteAsync(new ClientBatch { Hello = hello ?? new ClientHello { ProtocolMajor = Limits.ProtocolMajor, ClientName = "test" } });
        Assert.True(await call.ResponseStream.MoveNext());
        return new BareClient(call, call.ResponseStream.Current.Welcome);
    }

    public TaskId Id(ulong sequence) => new(Session, sequence);

    public ValueTask SendAsync(ClientBatch batch) => _call.RequestStream.WriteAsync(batch);

    /// <summary>Reads notices until one has what is looked for.</summary>
    public async Task<ClientNotice> UntilAsync(Predicate<ClientNotice> found)
    {
        while (await _call.ResponseStream.MoveNext())
        {
            if (found(_call.ResponseStream.Current))
            {
                return _call.ResponseStream.Current;
            }
        }

        throw new InvalidOperationException("The stream ended before the notice came.");
    }

    /// <summary>Reads notices until so many values have come: in how many notices is the scheduler's business.</summary>
    public async Task UntilValuesAsync(int count)
    {
        for (var seen = 0; seen < count;)
        {
            var notice = await UntilAsync(notice => notice.Values.Count > 0);
            seen += notice.Values.Sum(static values => (int)values.Count);
        }
    }

    public Task<bool> EndedAsync() => _call.ResponseStream.MoveNext().AsTask();

    public void Dispose() => _call.Dispose();
}

/// <summary>A worker that answers every assignment at once with the arguments it was given.</summary>
internal sealed class EchoWorker : IDisposable
{
    private readonly AsyncDuplexStreamingCall<WorkerBatch, WorkerOrders> _call;

    private EchoWorker(AsyncDuplexStreamingCall<WorkerBatch, WorkerOrders> call) => _call = call;

    public List<Function> Functions { get; } = [];

    public List<Assignment> Assignments { get; } = [];

    public static async Task<EchoWorker> ConnectAsync(CallInvoker invoker, string name = "echo", string host = "")
    {
        var call = invoker.AsyncDuplexStreamingCall(WeftServices.WorkConnect, new CallOptions(CancellationToken: TestContext.Current.CancellationToken));
        await call.RequestStream.WriteAsync(new WorkerBatch { Hello = new WorkerHello { ProtocolMajor = Limits.ProtocolMajor, Name = name, Host = host, Slots = 1 } });
        Assert.True(await call.ResponseStream.MoveNext());
        return new EchoWorker(call);
    }

    public async Task RunAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext())
            {
                var orders = _call.ResponseStream.Current;
                Functions.AddRange(orders.Functions);
                var batch = new WorkerBatch();
                foreach (var assignment in orders.Assignments)
                {
                    Assignments.Add(assignment);
                    batch.Completed.Add(new Completed
                    {
                        First = assignment.First,
                        Count = assignment.Count,
                        Attempt = assignment.Attempt,
                        DurationNs = 1000UL * assignment.Count,
                        Data = assignment.Arguments,
                        Ends = assignment.ArgumentEnds,
                    });
                }

                if (batch.Completed.Count > 0)
                {
                    await _call.RequestStream.WriteAsync(batch);
                }
            }
        }
        catch (RpcException)
        {
            // The test ended it.
        }
    }

    public void Dispose() => _call.Dispose();

    public static ClientBatch Submit(TaskId first, int count)
    {
        var column = new ByteColumnBuilder();
        for (var i = 0; i < count; i++)
        {
            column.Add(BitConverter.GetBytes(i));
        }

        var batch = new ClientBatch();
        batch.Functions.Add(new Function { Number = 1, Name = "Echo", Descriptor_ = ByteString.CopyFromUtf8("echo") });
        batch.Submissions.Add(new Submission
        {
            First = first.Value,
            Count = (uint)count,
            Function = 1,
            Arguments = ByteString.CopyFrom(column.Data.Span),
            ArgumentEnds = ByteString.CopyFrom(column.Ends.Span),
        });
        batch.Wanted.Add(new Run { First = first.Value, Count = (uint)count });
        return batch;
    }
}
