using System.Collections.Concurrent;

namespace Weft.Scheduler;

/// <summary>Code, by the SHA-256 of its content. Thread safe.</summary>
internal sealed class BlobStore
{
    /// <summary>All blobs together. A client whose code does not fit any more is refused with the bound named.</summary>
    public const long BytesMax = 2L << 30;

    private readonly ConcurrentDictionary<string, byte[]> _blobs = [];
    private long _bytes;

    public bool Contains(string sha256) => _blobs.ContainsKey(sha256);

    public bool TryGet(string sha256, out byte[] content) => _blobs.TryGetValue(sha256, out content!);

    /// <returns>False when it does not fit.</returns>
    public bool TryAdd(string sha256, byte[] content)
    {
        if (Interlocked.Add(ref _bytes, content.Length) > BytesMax || !_blobs.TryAdd(sha256, content))
        {
            Interlocked.Add(ref _bytes, -content.Length);
            return Contains(sha256);
        }

        return true;
    }
}
