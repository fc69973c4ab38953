using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The settings of a queue for one node type: what <c>node_config</c> does not say, the section <c>provider</c> does.</summary>
internal readonly record struct QueueSettings(Settings Provider, Settings Node)
{
    public string? Text(string key) => Of(key).Text(key);

    public int? Count(string key) => Of(key).Count(key);

    public bool? Flag(string key) => Of(key).Flag(key);

    public TimeSpan? Duration(string key) => Of(key).Duration(key);

    public long? Size(string key) => Of(key).Size(key);

    public IReadOnlyList<string> TextList(string key) => Of(key).TextList(key);

    private Settings Of(string key) => Node.Has(key) ? Node : Provider;
}
