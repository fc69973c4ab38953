using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Reads the section <c>provider</c>: which keys it may have depends on its type.</summary>
internal sealed class ProviderBinder(SectionReader reader, Findings findings, string folder, ClusterLogin login)
{
    private const string TypeKey = "type";
    private const string ModuleKey = "module";
    private const string Path = "provider.";

    /// <returns>Null: there are problems.</returns>
    public ProviderSection? Bind(FileMapping mapping)
    {
        if (Scalar(mapping, TypeKey) is not { } written)
        {
            findings.Problem(mapping, $"{Path}{TypeKey}", $"the key is missing; allowed is one of {string.Join(", ", ProviderCatalog.Names)}.");
            return null;
        }

        if (TypeOf(mapping, written) is not { } type || Factory(mapping, type) is not { } found)
        {
            return null;
        }

        var section = reader.Read(mapping, Keys(type, found.Factory.ProviderKeys), Path);
        var values = section.Values.Where(static entry => entry.Key is not (TypeKey or ModuleKey)).ToDictionary();
        foreach (var key in found.Factory.ProviderKeys.Where(key => key.IsPath && values.ContainsKey(key.Name)))
        {
            values[key.Name] = LocalPath.Full((string)values[key.Name], folder);
        }

        var settings = new Settings(values);
        foreach (var problem in found.Factory.Check(login, settings))
        {
            findings.Problem(PlaceOf(mapping, problem), $"{Path}{problem.Key}", problem.Message);
        }

        if (type == ProviderCatalog.Ssh && section.List(SshKeys.WorkerIps) is null or [])
        {
            findings.Note(section.Where(SshKeys.WorkerIps), $"{Path}{SshKeys.WorkerIps}: there is no host for workers, so that no task would run: the head runs none, but its host may be named here too.");
        }

        return new ProviderSection(type, found.Module, settings, [.. found.Factory.NodeKeys.Select(ClusterKey.Of)]);
    }

    /// <summary>The keys that the section may have with a provider of this type.</summary>
    public static IReadOnlyList<ClusterKey> Keys(string type, IReadOnlyList<SettingKey> own)
    {
        var keys = ProviderKeys.All
            .Select(key => key.Name == ModuleKey && type != ProviderCatalog.External ? key with { Refused = $"only with type: {ProviderCatalog.External} a module is named." } : key)
            .Concat(own.Select(ClusterKey.Of))
            .ToList();
        keys.AddRange(RayKeys.Provider.Where(key => keys.TrueForAll(known => known.Name != key.Name)));
        return keys;
    }

    private string? TypeOf(FileMapping mapping, FileScalar written)
    {
        var hosts = mapping.Entries.FirstOrDefault(static entry => entry.Key.Text == SshKeys.HeadIp);
        if (written.Text == ProviderCatalog.Local && hosts is not null)
        {
            findings.Note(written, "provider.type: local with head_ip means hosts by SSH, as in Ray's files; here that is type: ssh.");
            return ProviderCatalog.Ssh;
        }

        var known = ProviderCatalog.Types.FirstOrDefault(type => type.Name == written.Text);
        if (known is { NotBuilt: null })
        {
            return known.Name;
        }

        var message = Placeholders.Find(written.Text, isCommand: false) is { } placeholder ? $"'{placeholder}' is still to be filled in."
            : known?.NotBuilt is { } notBuilt ? notBuilt
            : $"there is no provider '{FileText.Shown(written.Text)}'; there are {string.Join(", ", ProviderCatalog.Names)}.";
        findings.Problem(written, $"{Path}{TypeKey}", message, known is null ? NearestName.Of(written.Text, ProviderCatalog.Names) : null);
        return null;
    }

    private (IClusterProviderFactory Factory, string? Module)? Factory(FileMapping mapping, string type)
    {
        if (type != ProviderCatalog.External)
        {
            return (ProviderCatalog.Factory(type, null), null);
        }

        if (Scalar(mapping, ModuleKey) is not { } written)
        {
            findings.Problem(mapping, $"{Path}{ModuleKey}", "the key is missing; allowed is the assembly of the external provider, a path or a name beside the weft program.");
            return null;
        }

        var module = written.Text.Contains('/', StringComparison.Ordinal) ? LocalPath.Full(written.Text, folder) : written.Text;
        try
        {
            return (ProviderCatalog.Factory(type, module), module);
        }
        catch (ProviderException failure)
        {
            findings.Problem(written, $"{Path}{ModuleKey}", failure.Message);
            return null;
        }
    }

    private static FileNode PlaceOf(FileMapping mapping, SettingProblem problem) =>
        mapping.Entries.FirstOrDefault(entry => entry.Key.Text == problem.Key)?.Value switch
        {
            FileList list when problem.Entry is { } entry && entry < list.Items.Count => list.Items[entry],
            { } value => value,
            null => mapping,
        };

    private static FileScalar? Scalar(FileMapping mapping, string key) =>
        mapping.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value is FileScalar { IsNull: false } scalar ? scalar : null;
}
