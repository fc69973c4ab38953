using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Queues;

/// <summary>Requests and settings for tests that ask no system.</summary>
internal static class Requests
{
    public static LaunchRequest Of(int first, int count, int slots = 1, string type = "cpu", Dictionary<string, object>? node = null) => new()
    {
        Type = type,
        First = first,
        Count = count,
        Script = "exec weft worker\n",
        Capacity = new NodeCapacity { Slots = slots },
        NodeSettings = node is null ? Settings.None : new Settings(node),
    };

    public static ClusterSettings Cluster(Dictionary<string, object>? provider = null) => new()
    {
        ClusterName = "demo",
        Folder = "/shared/demo",
        Provider = provider is null ? Settings.None : new Settings(provider),
    };

    /// <summary>The value after an option, or null when that is not there.</summary>
    public static string? ValueOf(IReadOnlyList<string> arguments, string option)
    {
        var at = arguments.ToList().IndexOf(option);
        return at < 0 ? null : arguments[at + 1];
    }

    public static CommandResult Printed(string output) => new(0, output, "");

    public static CommandResult Complained(string error) => new(1, "", error);
}
