using System.Collections.Concurrent;

namespace Weft.Scheduler;

/// <summary>
/// Code, by the SHA-256 of its content: in memory, and in the journal's folder when there is one, so that it is there after a restart.
/// Thread safe.
/// </summary>
internal sealed class BlobStore
{
    /// <summary>All blobs together. A client whose code does not fit any more is refused with the bound named.</summary>
    public const long BytesMax = 2L << 30;

    public const string FolderName = "blobs";

    /// <summary>A client asks what is missing, and defines its functions later: until then nothing names what it found here.</summary>
    private static readonly TimeSpan KeptAfterAsked = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, BlobEntry> _blobs = [];
    private readonly ConcurrentQueue<string> _unsynced = [];
    private readonly BlobFolder? _folder;
    private readonly TimeProvider _time;
    private long _bytes;

    /// <param name="folder">Where they survive; null: nowhere. A disk that fails makes it so, too.</param>
    /// <param name="log">Takes lines for the operator.</param>
    /// <param name="time">By which what nobody names is kept for a while.</param>
    public BlobStore(string? folder = null, Action<string>? log = null, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _folder = folder is null ? null : BlobFolder.TryOpen(folder, log ?? (static _ => { }));
        foreach (var (name, length) in _folder?.List() ?? [])
        {
            _blobs[name] = new BlobEntry(null, length, _time.GetTimestamp());
            _bytes += length;
        }
    }

    public bool Contains(string sha256)
    {
        if (!_blobs.TryGetValue(sha256, out var entry))
        {
            return false;
        }

        // What was damaged on the disk is missing: it is to be sent again.
        entry.AskedAt = _time.GetTimestamp();
        return entry.Content is not null || TryGet(sha256, out _);
    }

    public bool TryGet(string sha256, out byte[] content)
    {
        content = [];
        if (!_blobs.TryGetValue(sha256, out var entry))
        {
            return false;
        }

        if ((entry.Content ??= _folder?.TryRead(sha256)) is { } known)
        {
            content = known;
            return true;
        }

        Remove(sha256);
        return false;
    }

    /// <returns>False when it does not fit.</returns>
    public bool TryAdd(string sha256, byte[] content)
    {
        if (Interlocked.Add(ref _bytes, content.Length) > BytesMax || !_blobs.TryAdd(sha256, new BlobEntry(content, content.Length, _time.GetTimestamp())))
        {
            Interlocked.Add(ref _bytes, -content.Length);
            return Contains(sha256);
        }

        if (_folder?.TryWrite(sha256, content) == true)
        {
            _unsynced.Enqueue(sha256);
        }

        return true;
    }

    /// <summary>Puts what was added onto the disk: many files at once cost little more than one.</summary>
    public void Sync()
    {
        while (_unsynced.TryDequeue(out var name))
        {
            _folder!.Sync(name);
        }

        _folder?.SyncNames();
    }

    /// <summary>
    /// Removes what is in none of these bundles and was not asked for lately. To be called after a snapshot, with the bundles of its functions.
    /// </summary>
    public void Retain(IEnumerable<string> bundles)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var bundle in bundles.Where(static bundle => bundle.Length > 0))
        {
            named.Add(bundle);
            if (!TryGet(bundle, out var manifest) || !BundleFiles.TryAddTo(named, manifest))
            {
                // What it names is not known: nothing is removed on a guess.
                return;
            }
        }

        foreach (var (name, entry) in _blobs)
        {
            if (!named.Contains(name) && _time.GetElapsedTime(entry.AskedAt) > KeptAfterAsked)
            {
                Remove(name);
            }
        }
    }

    private void Remove(string sha256)
    {
        if (_blobs.TryRemove(sha256, out var gone))
        {
            Interlocked.Add(ref _bytes, -gone.Length);
            _folder?.Remove(sha256);
        }
    }

    private sealed class BlobEntry(byte[]? content, long length, long askedAt)
    {
        private volatile byte[]? _content = content;
        private long _askedAt = askedAt;

        /// <summary>Null: on the disk, and not asked for since the start.</summary>
        public byte[]? Content
        {
            get => _content;
            set => _content = value;
        }

        public long Length { get; } = length;

        public long AskedAt
        {
            get => Volatile.Read(ref _askedAt);
            set => Volatile.Write(ref _askedAt, value);
        }
    }
}
