using System.Text.Json;

namespace Weft.Serialization;

/// <summary>
/// A program's *.deps.json: which packages it stands on and which files of theirs it needs on which machine. It is read as a help, never as a
/// must: a file that cannot be understood counts as absent.
/// </summary>
internal sealed class DependencyFile
{
    private DependencyFile(IReadOnlyList<DependencyAsset> assets, IReadOnlyList<string> runtimePackAssemblies)
    {
        Assets = assets;
        RuntimePackAssemblies = runtimePackAssemblies;
    }

    /// <summary>The files of the program and of the packages that it reaches without going through Weft.</summary>
    public IReadOnlyList<DependencyAsset> Assets { get; }

    /// <summary>Simple names of the framework's assemblies that a self-contained program carries.</summary>
    public IReadOnlyList<string> RuntimePackAssemblies { get; }

    public static DependencyFile? TryReadBeside(string assemblyPath) => TryRead(Path.ChangeExtension(assemblyPath, ".deps.json"));

    public static DependencyFile? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(document.RootElement, Path.GetFileName(path)[..^".deps.json".Length]);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static DependencyFile Read(JsonElement root, string program)
    {
        var targetName = root.GetProperty("runtimeTarget").GetProperty("name").GetString() ?? "";
        var targetRuntimeId = targetName.Contains('/') ? targetName[(targetName.IndexOf('/') + 1)..] : "";
        var libraries = root.GetProperty("libraries");
        var nodes = root.GetProperty("targets").GetProperty(targetName).EnumerateObject()
            .ToDictionary(library => NameOf(library.Name), library => library, StringComparer.OrdinalIgnoreCase);

        var assets = new List<DependencyAsset>();
        var packs = new List<string>();
        foreach (var (name, node) in nodes)
        {
            if (TypeOf(libraries, node.Name) is "runtimepack")
            {
                packs.AddRange(Files(node.Value, "runtime").Select(file => Path.GetFileNameWithoutExtension(file.Name)));
            }
        }

        foreach (var name in Reachable(nodes, program).Where(name => TypeOf(libraries, nodes[name].Name) is not "runtimepack"))
        {
            var folder = libraries.TryGetProperty(nodes[name].Name, out var library) && library.TryGetProperty("path", out var path) ? path.GetString() ?? "" : "";
            AddAssets(assets, nodes[name].Value, folder, targetRuntimeId);
        }

        return new DependencyFile(assets, packs);
    }

    /// <summary>Breadth first from the program, never through Weft: what only Weft needs, workers have.</summary>
    private static List<string> Reachable(Dictionary<string, JsonProperty> nodes, string program)
    {
        if (!nodes.ContainsKey(program))
        {
            return [];
        }

        var order = new List<string> { program };
        var seen = new HashSet<string>(order, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < order.Count; i++)
        {
            foreach (var dependency in Files(nodes[order[i]].Value, "dependencies"))
            {
                if (nodes.ContainsKey(dependency.Name) && !WeftAssemblies.Contains(dependency.Name) && seen.Add(dependency.Name))
                {
                    order.Add(dependency.Name);
                }
            }
        }

        return order;
    }

    private static void AddAssets(List<DependencyAsset> assets, JsonElement library, string folder, string targetRuntimeId)
    {
        assets.AddRange(Files(library, "runtime").Select(file => new DependencyAsset(folder, file.Name, DependencyAssetKind.Assembly, "", true)));
        assets.AddRange(Files(library, "native").Select(file => new DependencyAsset(folder, file.Name, DependencyAssetKind.Native, targetRuntimeId, true)));
        foreach (var file in Files(library, "runtimeTargets"))
        {
            var kind = file.Value.GetProperty("assetType").GetString() is "native" ? DependencyAssetKind.Native : DependencyAssetKind.Assembly;
            assets.Add(new DependencyAsset(folder, file.Name, kind, file.Value.GetProperty("rid").GetString() ?? "", false));
        }
    }

    private static IEnumerable<JsonProperty> Files(JsonElement library, string group) =>
        library.TryGetProperty(group, out var files) ? files.EnumerateObject() : [];

    private static string? TypeOf(JsonElement libraries, string nameAndVersion) =>
        libraries.TryGetProperty(nameAndVersion, out var library) && library.TryGetProperty("type", out var type) ? type.GetString() : null;

    private static string NameOf(string nameAndVersion) => nameAndVersion.Split('/')[0];
}
