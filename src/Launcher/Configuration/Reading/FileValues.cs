using System.Globalization;
using System.Text.Json.Nodes;
using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>Reads values by the form of their keys. What is wrong becomes a finding, and the value is not there.</summary>
internal sealed class FileValues(Findings findings)
{
    /// <summary>Of a value of any form: aliases make a small file large.</summary>
    private const int NodesMax = 10_000;

    /// <summary>Prices are counted in millionths.</summary>
    private const decimal NumberMax = 1_000_000_000;

    /// <returns>As <see cref="Provisioning.Settings"/> holds it; null: there is none.</returns>
    public object? Read(ClusterKey key, string path, FileNode node) => key.Form switch
    {
        KeyForm.TextList => ReadList(key, path, node),
        KeyForm.TextMap => ReadMap(key, path, node),
        KeyForm.Any => ReadAny(path, node),
        _ => Scalar(key, path, node) is { } text ? ReadScalar(key, path, node, text) : null,
    };

    /// <summary>The text of a scalar without a placeholder.</summary>
    public string? Scalar(ClusterKey key, string path, FileNode node)
    {
        if (node is not FileScalar scalar)
        {
            findings.Problem(node, path, $"a {(node is FileList ? "list" : "mapping")} stands here; allowed is {KeyFormText.Of(key)}.");
            return null;
        }

        if (Placeholders.Find(scalar.Text, key.IsCommand) is { } placeholder)
        {
            findings.Problem(node, path, $"'{FileText.Shown(placeholder)}' is still to be filled in.");
            return null;
        }

        return scalar.Text;
    }

    private object? ReadScalar(ClusterKey key, string path, FileNode node, string text)
    {
        object? value = key.Form switch
        {
            KeyForm.Text => key.Allowed?.Contains(text) != false ? text : null,
            KeyForm.Count => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= key.Min && count <= key.Max ? count : null,
            KeyForm.Number => ReadNumber(text),
            KeyForm.Flag => ReadFlag(text),
            KeyForm.Duration => ReadDuration(text),
            KeyForm.Size => ReadSize(text),
            _ => throw new InvalidOperationException($"{key.Name} has no value of one text."),
        };
        if (value is null)
        {
            findings.Problem(node, path, $"'{FileText.Shown(text)}' is not allowed; allowed is {KeyFormText.Of(key)}.", key.Allowed is { } allowed ? NearestName.Of(text, allowed) : null);
        }

        return value;
    }

    private List<string> ReadList(ClusterKey key, string path, FileNode node)
    {
        var texts = new List<string>();
        foreach (var item in node is FileList list ? list.Items : [node])
        {
            if (item is FileScalar { IsNull: true })
            {
                findings.Problem(item, path, "an entry of the list is empty.");
            }
            else if (Scalar(key, path, item) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    private SortedDictionary<string, string>? ReadMap(ClusterKey key, string path, FileNode node)
    {
        if (node is not FileMapping mapping)
        {
            findings.Problem(node, path, $"allowed is {KeyFormText.Of(key)}.");
            return null;
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in mapping.Entries)
        {
            var inner = $"{path}.{FileText.Shown(name.Text)}";
            if (value is FileScalar { IsNull: true })
            {
                findings.Problem(value, inner, "an entry of the mapping is empty.");
            }
            else if (Scalar(key, path, name) is { } left && Scalar(key, inner, value) is { } right)
            {
                map[left] = right;
            }
        }

        return map;
    }

    private JsonNode? ReadAny(string path, FileNode node)
    {
        var left = NodesMax;
        var value = Json(node, ref left);
        if (left < 0)
        {
            findings.Problem(node, path, $"this has more than {NodesMax} values.");
        }

        return value;
    }

    private static JsonNode? Json(FileNode node, ref int left)
    {
        if (--left < 0)
        {
            return null;
        }

        switch (node)
        {
            case FileMapping mapping:
                var entries = new JsonObject();
                foreach (var (key, value) in mapping.Entries)
                {
                    entries[key.Text] = Json(value, ref left);
                }

                return entries;
            case FileList list:
                var items = new JsonArray();
                foreach (var item in list.Items)
                {
                    items.Add(Json(item, ref left));
                }

                return items;
            case FileScalar { IsNull: true }:
                return null;
            case FileScalar { IsQuoted: false } plain when plain.Text is "true" or "false":
                return JsonValue.Create(plain.Text == "true");
            case FileScalar { IsQuoted: false } plain when long.TryParse(plain.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                return JsonValue.Create(whole);
            case FileScalar { IsQuoted: false } plain when decimal.TryParse(plain.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return JsonValue.Create(number);
            default:
                return JsonValue.Create(((FileScalar)node).Text);
        }
    }

    public static decimal? ReadNumber(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number <= NumberMax ? number : null;

    public static long? ReadSize(string text)
    {
        try
        {
            return ByteSize.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool? ReadFlag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => null,
    };

    private static TimeSpan? ReadDuration(string text)
    {
        if (text == "-1")
        {
            return Timeout.InfiniteTimeSpan;
        }

        try
        {
            return Duration.Parse(text.Length > 0 && text.All(char.IsAsciiDigit) ? $"{text}s" : text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
