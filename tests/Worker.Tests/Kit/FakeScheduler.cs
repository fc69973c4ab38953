using System.Collections.Concurrent;
using System.Threading.Channels;
using Weft.Grpc;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests.Kit;

/// <summary>A scheduler that does what the test says: takes workers' streams and hands them to the test.</summary>
internal sealed class FakeScheduler
{
    private readonly Channel<FakeStream> _joined = Channel.CreateUnbounded<FakeStream>();

    public const string Token = "secret";

    /// <summary>Set, each connection is refused with it.</summary>
    public Status? Refusal { get; set; }

    /// <summary>Takes workers' hellos and says nothing.</summary>
    public bool IsSilent { get; set; }

    public uint HeartbeatIntervalMs { get; set; } = 60_000;

    public uint InlineBytesMax { get; set; } = 100;

    /// <summary>Takes workers back that come back; else they have to begin anew.</summary>
    public bool KnowsPast { get; set; }

    /// <summary>How often the cluster was restarted.</summary>
    public uint Restarts { get; set; }

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    public int BlobsServed { get; private set; }

    /// <summary>Downloads that break on their way before one does not.</summary>
    public int BrokenDownloads { get; set; }

    public ServerServiceDefinition Define() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(WeftServices.WorkConnect, ConnectAsync)
        .AddMethod(WeftServices.BlobsGet, GetBlobsAsync)
        .Build();

    /// <summary>A link to this scheduler within the process.</summary>
    public SchedulerLink Link()
    {
        var channel = new InProcessChannel(
            new InProcessChannelOptions { DefaultHeaders = new Metadata { { AccessToken.MetadataKey, AccessToken.ToMetadataValue(Token) } } },
            Define());
        return new SchedulerLink(channel, Token, channel);
    }

    /// <summary>The next worker's stream, welcomed.</summary>
    public async Task<FakeStream> AcceptAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _joined.Reader.ReadAsync(patience.Token);
    }

    private async Task ConnectAsync(IAsyncStreamReader<V1.WorkerBatch> batches, IServerStreamWriter<V1.WorkerOrders> orders, ServerCallContext context)
    {
        if (!AccessToken.IsShownBy(context.RequestHeaders.GetValue(AccessToken.MetadataKey), Token))
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "no token"));
        }

        if (Refusal is { } refusal)
        {
            throw new RpcException(refusal);
        }

        Assert.True(await batches.MoveNext(context.CancellationToken));
        if (IsSilent)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        var stream = new FakeStream(batches.Current.Hello, orders);
        await stream.SendAsync(new V1.WorkerOrders
        {
            Welcome = new V1.WorkerWelcome { Worker = 1, Epoch = 1, HeartbeatIntervalMs = HeartbeatIntervalMs, InlineBytesMax = InlineBytesMax, KnowsPast = KnowsPast, Restarts = Restarts },
        });
        _joined.Writer.TryWrite(stream);
        await stream.ReadAsync(batches, context.CancellationToken);
    }

    private async Task GetBlobsAsync(V1.BlobNames names, IServerStreamWriter<V1.BlobChunk> chunks, ServerCallContext context)
    {
        foreach (var name in names.Sha256)
        {
            BlobsServed++;
            if (BrokenDownloads > 0)
            {
                BrokenDownloads--;
                throw new RpcException(new Status(StatusCode.Internal, "broken"));
            }

            var blob = Blobs.TryGetValue(name, out var found) ? found : throw new RpcException(new Status(StatusCode.NotFound, $"blob {name} is not here"));
            await chunks.WriteAsync(new V1.BlobChunk
            {
                Sha256 = name,
                SizeBytes = (ulong)blob.Length,
                Data = Google.Protobuf.ByteString.CopyFrom(blob),
            });
        }
    }
}
