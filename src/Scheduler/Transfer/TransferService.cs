using Google.Protobuf;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>Serves results to clients that cannot reach the workers which hold them: small ones from here, others passed through.</summary>
internal sealed class TransferService(SchedulerLoop loop, Func<string, string, CallInvoker> channelTo)
{
    public async Task FetchAsync(FetchRequest request, IServerStreamWriter<FetchChunk> chunks, ServerCallContext context)
    {
        foreach (var task in request.Tasks)
        {
            var (value, holders) = await loop.AskAsync(state => Look(state, new TaskId(task))).ConfigureAwait(false);
            if (value is not null)
            {
                await SendAsync(task, value.Value, chunks, context.CancellationToken).ConfigureAwait(false);
            }
            else if (!await PassAsync(task, holders, chunks, context.CancellationToken).ConfigureAwait(false))
            {
                await chunks.WriteAsync(new FetchChunk { Task = task, NotHere = true }, context.CancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static (ReadOnlyMemory<byte>? Value, IReadOnlyList<(string Address, string Fingerprint)> Holders) Look(SchedulerLoop state, TaskId task) =>
        state.Core.TryGetInlineValue(task, out var value)
            ? (value, [])
            : (null, state.Core.HoldersOf(task).Select(holder => (holder.Address, holder.Fingerprint)).ToArray());

    private static async Task SendAsync(ulong task, ReadOnlyMemory<byte> value, IServerStreamWriter<FetchChunk> chunks, CancellationToken cancellation)
    {
        var sent = 0;
        do
        {
            var length = Math.Min(Limits.ChunkBytesMax, value.Length - sent);
            await chunks.WriteAsync(
                new FetchChunk { Task = task, SizeBytes = sent == 0 ? (ulong)value.Length : 0, Data = UnsafeByteOperations.UnsafeWrap(value.Slice(sent, length)) },
                cancellation).ConfigureAwait(false);
            sent += length;
        }
        while (sent < value.Length);
    }

    /// <summary>Passes a result on from the first holder that has it. A holder that breaks off in the middle ends the call: the client asks again.</summary>
    private async Task<bool> PassAsync(
        ulong task, IReadOnlyList<(string Address, string Fingerprint)> holders, IServerStreamWriter<FetchChunk> chunks, CancellationToken cancellation)
    {
        foreach (var (address, fingerprint) in holders)
        {
            var hasBegun = false;
            try
            {
                using var call = channelTo(address, fingerprint).AsyncServerStreamingCall(
                    WeftServices.TransferFetch, new CallOptions(CancellationToken: cancellation), new FetchRequest { Tasks = { task } });
                while (await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false))
                {
                    if (call.ResponseStream.Current.NotHere)
                    {
                        break;
                    }

                    hasBegun = true;
                    await chunks.WriteAsync(call.ResponseStream.Current, cancellation).ConfigureAwait(false);
                }

                if (hasBegun)
                {
                    return true;
                }
            }
            catch (RpcException) when (!hasBegun)
            {
                // This one cannot be reached; the next may be.
            }
        }

        return false;
    }
}
