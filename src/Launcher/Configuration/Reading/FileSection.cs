namespace Weft.Launcher;

/// <summary>A section of the file with the values of its keys, each of its form.</summary>
internal sealed class FileSection(FileNode at, string path)
{
    private readonly Dictionary<string, (FileNode Node, object Value)> _values = [];

    public FileNode At => at;

    /// <summary>What its keys are named with in messages: empty, or with a dot at its end.</summary>
    public string Path => path;

    public IReadOnlyDictionary<string, object> Values => _values.ToDictionary(static entry => entry.Key, static entry => entry.Value.Value);

    public void Add(string key, FileNode node, object value) => _values[key] = (node, value);

    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>Where the value of a key stands; the section itself when it is not there.</summary>
    public FileNode Where(string key) => _values.TryGetValue(key, out var found) ? found.Node : at;

    /// <summary>Where an entry of a list or a mapping of texts stands; the value itself where it is one text alone.</summary>
    /// <param name="key">Of the value.</param>
    /// <param name="entry">The text, or the name of the mapping's entry.</param>
    public FileNode Where(string key, string entry) => Where(key) switch
    {
        FileList list => list.Items.First(item => item is FileScalar scalar && scalar.Text == entry),
        FileMapping mapping => mapping.Entries.First(found => found.Key.Text == entry).Key,
        var value => value,
    };

    public string? Text(string key) => Get<string>(key);

    public int? Count(string key) => _values.TryGetValue(key, out var found) ? (int)found.Value : null;

    public decimal? Number(string key) => _values.TryGetValue(key, out var found) ? (decimal)found.Value : null;

    public bool? Flag(string key) => _values.TryGetValue(key, out var found) ? (bool)found.Value : null;

    public TimeSpan? Duration(string key) => _values.TryGetValue(key, out var found) ? (TimeSpan)found.Value : null;

    /// <summary>Null: the key is not there.</summary>
    public IReadOnlyList<string>? List(string key) => Get<IReadOnlyList<string>>(key);

    public IReadOnlyDictionary<string, string> Map(string key) => Get<IReadOnlyDictionary<string, string>>(key) ?? new SortedDictionary<string, string>(StringComparer.Ordinal);

    public FileSection? Section(string key) => Get<FileSection>(key);

    /// <summary>In the order of the file; null: the key is not there.</summary>
    public IReadOnlyList<(FileScalar Name, FileSection Section)>? Sections(string key) => Get<IReadOnlyList<(FileScalar, FileSection)>>(key);

    /// <summary>As it stands there, for who knows what it means.</summary>
    public FileMapping? Mapping(string key) => Get<FileMapping>(key);

    private T? Get<T>(string key)
        where T : class => _values.TryGetValue(key, out var found) ? (T)found.Value : null;
}
