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
    /// <summary>A download that breaks on its way says nothing about the code, and a task would fail for it.</summary>
    private const int AttemptsMax = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

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
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FetchAsync(sha256, scheduler, path, cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException broken) when (attempt < AttemptsMax && broken.StatusCode is (StatusCode.Internal or StatusCode.Unavailable))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<string> FetchAsync(string sha256, CallInvoker scheduler, string path, CancellationToken cancellationToken)
    {
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
