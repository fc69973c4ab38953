namespace Weft.Launcher;

/// <summary>Reads sections by the tables of their keys.</summary>
internal sealed class SectionReader(Findings findings)
{
    private readonly FileValues _values = new(findings);

    /// <param name="mapping">The section.</param>
    /// <param name="keys">What it may have.</param>
    /// <param name="path">What its keys are named with in messages: empty, or with a dot at its end.</param>
    public FileSection Read(FileMapping mapping, IReadOnlyList<ClusterKey> keys, string path)
    {
        var section = new FileSection(mapping, path);
        foreach (var (name, value) in mapping.Entries)
        {
            if (keys.FirstOrDefault(key => key.Name == name.Text) is not { } key)
            {
                ReportUnknown(name, keys, path);
            }
            else if (key.Refused is { } instead)
            {
                findings.Problem(name, path + key.Name, instead);
            }
            else if (key.IsOnlyFalse && value is not FileScalar { IsNull: true } && ReadValue(key, path + key.Name, value) is true)
            {
                findings.Problem(value, path + key.Name, $"{key.Ignored}; allowed is false.");
            }
            else if (key.Ignored is { } why)
            {
                findings.Note(name, $"{path}{key.Name} means nothing here: {why}.");
            }
            else if (value is not FileScalar { IsNull: true } && ReadValue(key, path + key.Name, value) is { } read)
            {
                section.Add(key.Name, value, read);
            }
        }

        foreach (var key in keys)
        {
            if (key.IsRequired && mapping.Entries.All(entry => entry.Key.Text != key.Name || entry.Value is FileScalar { IsNull: true }))
            {
                findings.Problem(mapping, path + key.Name, $"the key is missing; allowed is {KeyFormText.Of(key)}.");
            }
        }

        return section;
    }

    private object? ReadValue(ClusterKey key, string path, FileNode value) => (key.Form, value) switch
    {
        (KeyForm.Section, FileMapping mapping) => Read(mapping, key.Keys, $"{path}."),
        (KeyForm.Sections, FileMapping mapping) => ReadSections(key, path, mapping),
        (KeyForm.Settings or KeyForm.Amounts, FileMapping mapping) => mapping,
        (KeyForm.Section or KeyForm.Sections or KeyForm.Settings or KeyForm.Amounts, _) => NoMapping(key, path, value),
        _ => _values.Read(key, path, value),
    };

    private List<(FileScalar, FileSection)> ReadSections(ClusterKey key, string path, FileMapping mapping)
    {
        var sections = new List<(FileScalar, FileSection)>();
        foreach (var (name, value) in mapping.Entries)
        {
            var inner = $"{path}.{FileText.Shown(name.Text)}";
            switch (value)
            {
                case FileMapping section:
                    sections.Add((name, Read(section, key.Keys, $"{inner}.")));
                    break;
                case FileScalar { IsNull: true }:
                    sections.Add((name, new FileSection(name, $"{inner}.")));
                    break;
                default:
                    findings.Problem(value, inner, "allowed is a mapping of keys to values.");
                    break;
            }
        }

        return sections;
    }

    private object? NoMapping(ClusterKey key, string path, FileNode value)
    {
        findings.Problem(value, path, $"allowed is {KeyFormText.Of(key)}.");
        return null;
    }

    private void ReportUnknown(FileScalar name, IReadOnlyList<ClusterKey> keys, string path)
    {
        var ours = keys.Where(static key => key.IsOurs).Select(static key => key.Name).ToArray();
        var nearest = findings.IsFull ? null : NearestName.Of(name.Text, ours);
        var message = nearest is not null ? "there is no such key."
            : ours.Length > 0 ? $"there is no such key; there are {string.Join(", ", ours)}."
            : "there is no such key: this section has none.";
        findings.Problem(name, path + FileText.Shown(name.Text), message, nearest);
    }
}
