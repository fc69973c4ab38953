using System.Threading.Channels;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Client.Tests.Fakes;

/// <summary>
/// A scheduler and its only worker, as small as the contract of a session allows: tasks run in this process as soon as their
/// inputs are there, unless it is paused.
/// </summary>
internal sealed class FakeScheduler : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Channel<V1.ClientNotice>> _connections = [];

    public FakeScheduler() => Channel = new InProcessChannel(ServerServiceDefinition.CreateBuilder()
        .AddMethod(WeftServices.SessionConnect, ServeSessionAsync)
        .AddMethod(WeftServices.ControlGetInfo, (V1.InfoRequest _, ServerCallContext _) => Task.FromResult(Info))
        .AddMethod(WeftServices.BlobsMissing, (V1.BlobNames names, ServerCallContext _) => Task.FromResult(names))
        .AddMethod(WeftServices.BlobsPut, PutAsync)
        .AddMethod(WeftServices.TransferFetch, FetchAsync)
        .Build());

    public InProcessChannel Channel { get; }

    public FakeTasks Tasks { get; private set; } = new();

    public List<V1.ClientBatch> Batches { get; } = [];

    public HashSet<string> Blobs { get; } = [];

    public V1.ClusterInfo Info { get; } = new() { SchedulerId = "fake", Workers = { new V1.WorkerInfo { Name = "w1", Slots = 1 } } };

    public string Id { get; set; } = "fake-1";

    /// <summary>Whether submissions are acknowledged.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>Whether hellos are answered.</summary>
    public bool Welcomes { get; set; } = true;

    /// <summary>Results longer than this are told by location.</summary>
    public int InlineBytesMax { get; set; } = 4096;

    /// <summary>How many fetches of each result say that it is not here.</summary>
    public int FetchesToRefuse { get; set; }

    /// <summary>What fetched results are said to take in place of what they do.</summary>
    public ulong? FetchedSizeBytes { get; set; }

    public bool SaidGoodbye { get; private set; }

    public static Task<WeftClient> ConnectAsync(FakeScheduler scheduler, WeftClientOptions? options = null) =>
        WeftClient.ConnectAsync(new WeftConnection(scheduler.Channel) { ShipsCode = false }, options);

    /// <summary>Ends all connections.</summary>
    public void Break()
    {
        lock (_gate)
        {
            _connections.ForEach(connection => connection.Writer.TryComplete());
            _connections.Clear();
        }
    }

    /// <summary>Forgets all sessions, as a scheduler that was started anew without its journal.</summary>
    public void Restart(string id)
    {
        lock (_gate)
        {
            Id = id;
            Tasks = new FakeTasks();
        }

        Break();
    }

    /// <summary>Runs what waits.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            Tasks.IsPaused = false;
            Tasks.RunReady();
            Notify();
        }
    }

    public void Send(V1.ClientNotice notice)
    {
        lock (_gate)
        {
            _connections.ForEach(connection => connection.Writer.TryWrite(notice));
        }
    }

    public int CountOfBatches()
    {
        lock (_gate)
        {
            return Batches.Count;
        }
    }

    public TResult Look<TResult>(Func<FakeScheduler, TResult> look)
    {
        lock (_gate)
        {
            return look(this);
        }
    }

    public void Dispose() => Channel.Dispose();

    private async Task ServeSessionAsync(IAsyncStreamReader<V1.ClientBatch> batches, IServerStreamWriter<V1.ClientNotice> notices, ServerCallContext context)
    {
        if (!Welcomes)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "not now"));
        }

        await batches.MoveNext();
        var outgoing = System.Threading.Channels.Channel.CreateUnbounded<V1.ClientNotice>();
        lock (_gate)
        {
            var hello = batches.Current.Hello;
            _connections.Add(outgoing);
            outgoing.Writer.TryWrite(new V1.ClientNotice
            {
                Welcome = new V1.ClientWelcome { Session = 7, Epoch = 1, SchedulerId = Id, Resumed = hello.ResumeSession == 7 && Tasks.Count > 0 },
            });
        }

        var reading = Task.Run(async () =>
        {
            while (await batches.MoveNext(context.CancellationToken))
            {
                Take(batches.Current);
            }

            outgoing.Writer.TryComplete();
        });
        await foreach (var notice in outgoing.Reader.ReadAllAsync(context.CancellationToken))
        {
            await notices.WriteAsync(notice);
        }
    }

    private void Take(V1.ClientBatch batch)
    {
        lock (_gate)
        {
            Batches.Add(batch.Clone());
            Tasks.Take(batch);
            SaidGoodbye |= batch.Goodbye;
            if (Acknowledges)
            {
                Send(new V1.ClientNotice { SubmittedUpTo = new TaskId(new SessionId(7), (ulong)Tasks.Count).Value });
            }

            Notify();
        }
    }

    private void Notify()
    {
        foreach (var notice in Tasks.TakeNotices(InlineBytesMax))
        {
            Send(notice);
        }
    }

    private async Task<V1.BlobNames> PutAsync(IAsyncStreamReader<V1.BlobChunk> chunks, ServerCallContext context)
    {
        while (await chunks.MoveNext())
        {
            if (chunks.Current.Sha256.Length > 0)
            {
                Blobs.Add(chunks.Current.Sha256);
            }
        }

        return new V1.BlobNames();
    }

    private async Task FetchAsync(V1.FetchRequest request, IServerStreamWriter<V1.FetchChunk> chunks, ServerCallContext context)
    {
        foreach (var task in request.Tasks)
        {
            if (FetchesToRefuse-- > 0)
            {
                await chunks.WriteAsync(new V1.FetchChunk { Task = task, NotHere = true });
                continue;
            }

            var value = Look(fake => fake.Tasks.ValueOf(new TaskId(task)));
            for (var start = 0; start < value.Length; start += Limits.ChunkBytesMax)
            {
                var length = Math.Min(Limits.ChunkBytesMax, value.Length - start);
                var chunk = new V1.FetchChunk { Task = task, Data = Google.Protobuf.ByteString.CopyFrom(value, start, length) };
                if (start == 0)
                {
                    chunk.SizeBytes = FetchedSizeBytes ?? (ulong)value.Length;
                }

                await chunks.WriteAsync(chunk);
            }
        }
    }
}
