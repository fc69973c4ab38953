using System.Buffers;
using System.Security.Cryptography;
using Google.Protobuf;
using Weft.Client.Core;
using Weft.Grpc;
using Weft.Protocol;
using Weft.Serialization;
using V1 = Weft.Protocol.V1;

namespace Weft.Client;

/// <summary>
/// Brings code to the scheduler before the functions that need it. What is there already, from this client or another, is not sent again. One for
/// each connection: between two of them the scheduler may have been replaced, or have forgotten a session and the code that only that had named.
/// </summary>
internal sealed class BundleUploader(BundleCatalog? catalog)
{
    /// <summary>The bundles that the scheduler has.</summary>
    private readonly HashSet<string> _uploaded = [];

    /// <exception cref="RpcException">The connection broke, or the scheduler refused.</exception>
    /// <exception cref="IOException">A file of the program cannot be read, or has changed since the program started.</exception>
    public async ValueTask UploadAsync(OutgoingBatch batch, CallInvoker scheduler, CancellationToken cancellationToken)
    {
        foreach (var (_, function) in batch.Functions)
        {
            if (function.Bundle.Length > 0 && !_uploaded.Contains(function.Bundle) && catalog?.Find(function.Bundle) is { } bundle)
            {
                await UploadAsync(bundle, scheduler, cancellationToken).ConfigureAwait(false);
                _uploaded.Add(function.Bundle);
            }
        }
    }

    private static async Task UploadAsync(Bundle bundle, CallInvoker scheduler, CancellationToken cancellationToken)
    {
        var names = new V1.BlobNames { Sha256 = { bundle.Hash } };
        names.Sha256.AddRange(bundle.Files.Select(file => file.Entry.Sha256).Distinct());
        var options = new CallOptions(CancellationToken: cancellationToken);
        var missing = (await scheduler.AsyncUnaryCall(WeftServices.BlobsMissing, options, names).ConfigureAwait(false)).Sha256.ToHashSet();
        if (missing.Count == 0)
        {
            return;
        }

        using var call = scheduler.AsyncClientStreamingCall(WeftServices.BlobsPut, options);
        foreach (var file in bundle.Files)
        {
            if (missing.Remove(file.Entry.Sha256))
            {
                await using var content = file.OpenRead();
                await PutAsync(call.RequestStream, file.Entry.Sha256, content, file.Entry.Path).ConfigureAwait(false);
            }
        }

        if (missing.Remove(bundle.Hash))
        {
            using var manifest = new MemoryStream(bundle.Manifest.Bytes.ToArray(), writable: false);
            await PutAsync(call.RequestStream, bundle.Hash, manifest, "the bundle's manifest").ConfigureAwait(false);
        }

        await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        await call.ResponseAsync.ConfigureAwait(false);
    }

    private static async Task PutAsync(IClientStreamWriter<V1.BlobChunk> chunks, string sha256, Stream content, string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var isFirst = true;
        for (var left = content.Length; left > 0 || isFirst;)
        {
            // The transport may hold on to what it was given: each chunk has memory of its own.
            var data = new byte[Math.Min(left, Limits.ChunkBytesMax)];
            await content.ReadExactlyAsync(data).ConfigureAwait(false);
            hash.AppendData(data);
            left -= data.Length;
            if (left == 0 && Convert.ToHexStringLower(hash.GetCurrentHash()) != sha256)
            {
                throw new IOException($"{name} has changed since this program started; start the program again.");
            }

            var chunk = new V1.BlobChunk { Data = UnsafeByteOperations.UnsafeWrap(data) };
            if (isFirst)
            {
                chunk.Sha256 = sha256;
                chunk.SizeBytes = (ulong)content.Length;
                isFirst = false;
            }

            await chunks.WriteAsync(chunk).ConfigureAwait(false);
        }
    }
}
