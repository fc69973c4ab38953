using System.Text.Json.Nodes;

namespace Weft.Provisioning;

/// <summary>
/// The values of a section of the cluster file, which were checked against its <see cref="SettingKey"/>s: each is of its kind, durations are <see cref="TimeSpan"/>s, sizes bytes. Immutable.
/// </summary>
public sealed class Settings(IReadOnlyDictionary<string, object> values)
{
    public static readonly Settings None = new(new Dictionary<string, object>());

    /// <summary>The keys that are there.</summary>
    public IEnumerable<string> Keys => values.Keys;

    /// <summary>The same with another value of its kind for a key.</summary>
    public Settings With(string key, object value) => new(new Dictionary<string, object>(values) { [key] = value });

    public bool Has(string key) => values.ContainsKey(key);

    public string? Text(string key) => Value<string>(key);

    public int? Count(string key) => values.TryGetValue(key, out var value) ? (int)value : null;

    public decimal? Number(string key) => values.TryGetValue(key, out var value) ? (decimal)value : null;

    public bool? Flag(string key) => values.TryGetValue(key, out var value) ? (bool)value : null;

    /// <summary><see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan? Duration(string key) => values.TryGetValue(key, out var value) ? (TimeSpan)value : null;

    /// <summary>In bytes.</summary>
    public long? Size(string key) => values.TryGetValue(key, out var value) ? (long)value : null;

    public IReadOnlyList<string> TextList(string key) => Value<IReadOnlyList<string>>(key) ?? [];

    public IReadOnlyDictionary<string, string> TextMap(string key) => Value<IReadOnlyDictionary<string, string>>(key) ?? new Dictionary<string, string>();

    public JsonNode? Any(string key) => Value<JsonNode>(key)?.DeepClone();

    private T? Value<T>(string key)
        where T : class => values.TryGetValue(key, out var value) ? (T)value : null;
}
