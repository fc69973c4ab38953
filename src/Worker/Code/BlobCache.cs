using System.Security.Cryptography;
using Weft.Grpc;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>
/// Blobs as files named by their hash. The workers of a host share it: a file is written under a name of its own and then renamed, so that
/// it is absent or complete, and whoever comes second replaces it by the same bytes.
/// </summary>
internal sealed class BlobCache(string directory)
{
    /// <returns>The file with this content.</returns>
    /// <exception cref="InvalidDataException">What came is not what its hash says, or the hash is none.</exception>
    /// <exception cref="RpcException">The scheduler does not have it, or is not there.</exception>
    public async Task<string> GetAsync(string sha256, CallInvoker scheduler, CancellationToken cancellationToken)
    {
        if (!ClusterCertificate.IsFingerprint(sha256))
        {
            // It becomes a file name.
            throw new InvalidDataException($"'{sha256}' is not a SHA-256: 64 lower-case hexadecimal digits are expected.");
        }

        var path = Path.Combine(directory, sha256);
        if (File.Exists(path))
        {
            return path;
        }

        Directory.CreateDirectory(directory);
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var hash = await DownloadAsync(sha256, scheduler, unfinished, cancellationToken).ConfigureAwait(false);
            if (hash != sha256)
            {
                throw new InvalidDataException($"The scheduler sent other bytes than those of {sha256}.");
            }

            File.Move(unfinished, path, overwrite: true);
            return path;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task<string> DownloadAsync(string sha256, CallInvoker scheduler, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        using var call = scheduler.AsyncServerStreamingCall(
            WeftServices.BlobsGet, new CallOptions(CancellationToken: cancellationToken), new BlobNames { Sha256 = { sha256 } });
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var data = call.ResponseStream.Current.Data.Memory;
            hash.AppendData(data.Span);
            await file.WriteAsync(data, cancellationToken).ConfigureAwait(false);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
