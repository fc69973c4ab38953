using System.Buffers;
using System.Collections;
using System.Text;

namespace Weft.Grpc;

/// <summary>
/// Headers or trailers of a call, in order. Keys are lower case; a key that ends in <c>-bin</c> has bytes for a value, any
/// other has printable ASCII. A key may occur more than once, but HTTP may join its texts on the way: "a, b". Not thread safe.
/// </summary>
public sealed class Metadata : IReadOnlyList<Metadata.Entry>
{
    public const string BinaryHeaderSuffix = "-bin";

    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    public Entry this[int index] => _entries[index];

    public void Add(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _entries.Add(entry);
    }

    public void Add(string key, string value) => _entries.Add(new Entry(key, value));

    public void Add(string key, byte[] valueBytes) => _entries.Add(new Entry(key, valueBytes));

    /// <summary>The last entry with this key, or null.</summary>
    public Entry? Get(string key)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (string.Equals(_entries[i].Key, key, StringComparison.OrdinalIgnoreCase)) return _entries[i];
        }

        return null;
    }

    public string? GetValue(string key) => Get(key)?.Value;

    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    public IEnumerable<Entry> GetAll(string key) =>
        _entries.Where(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));

    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void AddAll(Metadata? others)
    {
        if (others is not null) _entries.AddRange(others._entries);
    }

    /// <summary>One key and its value, checked when it is made so that a call cannot fail on it halfway.</summary>
    public sealed class Entry
    {
        private static readonly SearchValues<char> KeyCharacters =
            SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

        private readonly string? _text;
        private readonly byte[]? _bytes;

        public Entry(string key, string value)
        {
            Key = Normalize(key);
            ArgumentNullException.ThrowIfNull(value);
            if (IsBinary) throw new ArgumentException($"The value of '{Key}' must be bytes: its key ends in '{BinaryHeaderSuffix}'.", nameof(value));
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw new ArgumentException($"The value of '{Key}' must be printable ASCII; other text belongs in a key that ends in '{BinaryHeaderSuffix}'.", nameof(value));
            }

            _text = value;
        }

        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            ArgumentNullException.ThrowIfNull(valueBytes);
            if (!IsBinary) throw new ArgumentException($"The key '{Key}' of a binary value must end in '{BinaryHeaderSuffix}'.", nameof(key));
            _bytes = valueBytes;
        }

        public string Key { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        public string Value => _text ?? throw new InvalidOperationException($"'{Key}' is binary: read ValueBytes.");

        public byte[] ValueBytes => _bytes ?? Encoding.ASCII.GetBytes(_text!);

        public override string ToString() => _text is null ? $"[{Key}: {_bytes!.Length} bytes]" : $"[{Key}: {_text}]";

        internal static bool IsKey(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(KeyCharacters);

        private static string Normalize(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            if (!IsKey(key)) throw new ArgumentException($"The key '{key}' may hold only letters, digits, '-', '_' and '.'.", nameof(key));

            string lower = key.ToLowerInvariant();
            if (lower.StartsWith("grpc-", StringComparison.Ordinal)) throw new ArgumentException($"The key '{key}' is reserved for gRPC itself.", nameof(key));
            return lower;
        }
    }
}
