using System.Security.Cryptography;
using Google.Protobuf;
using Weft.Grpc;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>Takes code from clients and gives it to workers.</summary>
internal sealed class BlobService(BlobStore store)
{
    private const long BlobBytesMax = 1L << 30;

    public Task<BlobNames> MissingAsync(BlobNames asked, ServerCallContext context)
    {
        var missing = new BlobNames();
        missing.Sha256.AddRange(asked.Sha256.Distinct().Where(name => !store.Contains(name)));
        return Task.FromResult(missing);
    }

    public async Task<BlobNames> PutAsync(IAsyncStreamReader<BlobChunk> chunks, ServerCallContext context)
    {
        var taken = new BlobNames();
        byte[]? content = null;
        var name = "";
        var filled = 0;
        while (await chunks.MoveNext(context.CancellationToken).ConfigureAwait(false))
        {
            var chunk = chunks.Current;
            if (chunk.Sha256.Length > 0)
            {
                name = chunk.Sha256;
                content = chunk.SizeBytes <= BlobBytesMax
                    ? new byte[chunk.SizeBytes]
                    : throw Refuse(StatusCode.ResourceExhausted, $"blob {name}: {chunk.SizeBytes} bytes; allowed are {BlobBytesMax}");
                filled = 0;
            }

            if (content is null || chunk.Data.Length > content.Length - filled)
            {
                throw Refuse(StatusCode.InvalidArgument, $"blob {name}: more data than its size says");
            }

            chunk.Data.Span.CopyTo(content.AsSpan(filled));
            filled += chunk.Data.Length;
            if (filled == content.Length)
            {
                Keep(name, content);
                taken.Sha256.Add(name);
                content = null;
            }
        }

        if (content is not null)
        {
            throw Refuse(StatusCode.InvalidArgument, $"blob {name}: less data than its size says");
        }

        // Before the client submits what needs it.
        store.Sync();
        return taken;
    }

    public async Task GetAsync(BlobNames asked, IServerStreamWriter<BlobChunk> chunks, ServerCallContext context)
    {
        foreach (var name in asked.Sha256)
        {
            if (!store.TryGet(name, out var content))
            {
                throw Refuse(StatusCode.NotFound, $"blob {name} is not here");
            }

            var sent = 0;
            do
            {
                var length = Math.Min(Limits.ChunkBytesMax, content.Length - sent);
                var chunk = new BlobChunk { Data = UnsafeByteOperations.UnsafeWrap(content.AsMemory(sent, length)) };
                if (sent == 0)
                {
                    chunk.Sha256 = name;
                    chunk.SizeBytes = (ulong)content.Length;
                }

                await chunks.WriteAsync(chunk, context.CancellationToken).ConfigureAwait(false);
                sent += length;
            }
            while (sent < content.Length);
        }
    }

    private void Keep(string name, byte[] content)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != name)
        {
            throw Refuse(StatusCode.InvalidArgument, $"blob {name}: its content has another hash");
        }

        if (!store.TryAdd(name, content))
        {
            throw Refuse(StatusCode.ResourceExhausted, $"blob {name}: the scheduler holds {BlobStore.BytesMax} bytes of code already, and takes no more");
        }
    }

    private static RpcException Refuse(StatusCode code, string message) => new(new Status(code, message));
}
