using Google.Protobuf;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>Gives stored results to peers and clients that show the cluster's token, in chunks, without copying them on the way to a socket.</summary>
internal sealed class TransferService(Func<ObjectStore?> store, Func<string> token)
{
    private const string InProcessPeer = "inprocess";

    public ServerServiceDefinition Define() =>
        ServerServiceDefinition.CreateBuilder().AddMethod(WeftServices.TransferFetch, FetchAsync).Build();

    private async Task FetchAsync(V1.FetchRequest request, IServerStreamWriter<V1.FetchChunk> chunks, ServerCallContext context)
    {
        if (!AccessToken.IsShownBy(context.RequestHeaders.GetValue(AccessToken.MetadataKey), token()))
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The cluster's token was not shown."));
        }

        foreach (var task in request.Tasks)
        {
            if (store() is not { } values || !values.TryLease(new TaskId(task), out var lease))
            {
                await chunks.WriteAsync(new V1.FetchChunk { Task = task, NotHere = true }, context.CancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                await SendAsync(task, lease, chunks, context).ConfigureAwait(false);
            }
            finally
            {
                lease.Release();
            }
        }
    }

    private static async Task SendAsync(ulong task, ValueLease lease, IServerStreamWriter<V1.FetchChunk> chunks, ServerCallContext context)
    {
        // In process a message is handed over as it is: memory that will be used again must not go with it.
        var mustCopy = lease.IsPooled && context.Peer == InProcessPeer;
        var sent = 0;
        do
        {
            var part = lease.Bytes.Slice(sent, Math.Min(Limits.ChunkBytesMax, lease.Bytes.Length - sent));
            var chunk = new V1.FetchChunk
            {
                Task = task,
                Data = mustCopy ? ByteString.CopyFrom(part.Span) : UnsafeByteOperations.UnsafeWrap(part),
            };
            if (sent == 0)
            {
                chunk.SizeBytes = (ulong)lease.Bytes.Length;
            }

            await chunks.WriteAsync(chunk, context.CancellationToken).ConfigureAwait(false);
            sent += part.Length;
        }
        while (sent < lease.Bytes.Length);
    }
}
