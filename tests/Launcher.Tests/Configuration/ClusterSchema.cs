using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Weft.Launcher.Tests.Configuration;

/// <summary>Writes the JSON schema that editors check cluster files with, from the table of keys that the reader uses.</summary>
internal static class ClusterSchema
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] BuiltIn = [ProviderCatalog.Local, ProviderCatalog.Ssh, ProviderCatalog.GridEngine, ProviderCatalog.Slurm];

    public static string Write()
    {
        var schema = Section(ClusterKeys.Root);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "A Weft cluster file");
        schema["allOf"] = new JsonArray([.. BuiltIn.Select(When)]);
        schema["definitions"] = Definitions();
        return schema.ToJsonString(Written) + "\n";
    }

    private static JsonObject Definitions()
    {
        var definitions = new JsonObject { ["text"] = new JsonObject { ["type"] = Types("string", "number", "boolean") } };
        foreach (var type in BuiltIn)
        {
            var factory = ProviderCatalog.Factory(type, null);
            var keys = ProviderBinder.Keys(type, factory.ProviderKeys).Select(key => key.Name == "type" ? key with { Allowed = Names(type) } : key);
            definitions[type] = Section([.. keys]);
            definitions[$"{type}_node"] = Section([.. factory.NodeKeys.Select(ClusterKey.Of)]);
        }

        return definitions;
    }

    /// <summary>As in Ray's files, local with head_ip means hosts by SSH.</summary>
    private static string[] Names(string type) => type == ProviderCatalog.Ssh ? [ProviderCatalog.Ssh, ProviderCatalog.Local] : [type];

    /// <summary>What the sections hold whose keys depend on the provider's type.</summary>
    private static JsonObject When(string type)
    {
        static JsonObject IsType(string name) => new() { ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = name } } };

        static JsonObject HasHead() => new() { ["required"] = new JsonArray("head_ip") };

        static JsonObject Node(string type) => new() { ["properties"] = new JsonObject { ["node_config"] = OrNothing(Reference($"{type}_node")) } };

        var provider = type switch
        {
            ProviderCatalog.Local => new JsonObject { ["allOf"] = new JsonArray(IsType(ProviderCatalog.Local), new JsonObject { ["not"] = HasHead() }) },
            ProviderCatalog.Ssh => new JsonObject
            {
                ["anyOf"] = new JsonArray(IsType(ProviderCatalog.Ssh), new JsonObject { ["allOf"] = new JsonArray(IsType(ProviderCatalog.Local), HasHead()) }),
            },
            _ => IsType(type),
        };
        provider["required"] = new JsonArray("type");
        return new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["provider"] = provider }, ["required"] = new JsonArray("provider") },
            ["then"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["provider"] = Reference(type),
                    ["available_node_types"] = new JsonObject { ["additionalProperties"] = Node(type) },
                    ["head"] = Node(type),
                },
            },
        };
    }

    private static JsonObject Section(IReadOnlyList<ClusterKey> keys)
    {
        var properties = new JsonObject();
        foreach (var key in keys.Where(static key => key.Refused is null))
        {
            properties[key.Name] = Property(key);
        }

        var section = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (keys.Any(static key => key.IsRequired))
        {
            section["required"] = new JsonArray([.. keys.Where(static key => key.IsRequired).Select(static key => JsonValue.Create(key.Name))]);
        }

        return section;
    }

    private static JsonObject Property(ClusterKey key)
    {
        if (key.Ignored is { } why)
        {
            var ignored = new JsonObject { ["description"] = $"Means nothing here: {why}.", ["deprecated"] = true };
            if (key.IsOnlyFalse)
            {
                ignored["enum"] = new JsonArray(false, null);
            }

            return ignored;
        }

        var about = new JsonObject { ["description"] = key.Default is null ? key.Description : $"{key.Description} Default: {key.Default}." };
        var value = Value(key);
        if (!key.IsRequired && value.Count > 0)
        {
            value = OrNothing(value);
        }

        foreach (var (name, part) in value)
        {
            about[name] = part?.DeepClone();
        }

        return about;
    }

    private static JsonObject Value(ClusterKey key) => key.Form switch
    {
        KeyForm.Text when key.Allowed is { } allowed => new() { ["enum"] = Types([.. allowed]) },
        KeyForm.Text => Reference("text"),
        KeyForm.Count when key.Max < int.MaxValue => new() { ["type"] = "integer", ["minimum"] = key.Min, ["maximum"] = key.Max },
        KeyForm.Count => new() { ["type"] = "integer", ["minimum"] = key.Min },
        KeyForm.Number => new() { ["type"] = "number", ["minimum"] = 0 },
        KeyForm.Flag => new() { ["type"] = "boolean" },
        KeyForm.Duration => NumberOr(-1, @"^(-1|\d*\.?\d+(ms|s|m|h|d)?)$"),
        KeyForm.Size => NumberOr(1, @"^\d*\.?\d+([kKMGT]?B|[KMGT]iB)?$"),
        KeyForm.TextList => new() { ["anyOf"] = new JsonArray(Reference("text"), new JsonObject { ["type"] = "array", ["items"] = Reference("text") }) },
        KeyForm.TextMap => new() { ["type"] = "object", ["additionalProperties"] = Reference("text") },
        KeyForm.Any => [],
        KeyForm.Section => Section(key.Keys),
        KeyForm.Sections => new() { ["type"] = "object", ["additionalProperties"] = OrNothing(Section(key.Keys)) },
        KeyForm.Amounts => new() { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = Types("number", "string") } },
        KeyForm.Settings when key.Keys.Count > 0 => new() { ["type"] = "object", ["properties"] = new JsonObject { ["type"] = new JsonObject { ["enum"] = Types([.. ProviderCatalog.Names]) } }, ["required"] = new JsonArray("type") },
        KeyForm.Settings => new() { ["type"] = "object" },
    };

    /// <summary>A key with nothing after it is as good as not given.</summary>
    private static JsonObject OrNothing(JsonObject value) => new() { ["anyOf"] = new JsonArray(value, new JsonObject { ["type"] = "null" }) };

    private static JsonObject NumberOr(int least, string pattern) =>
        new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = least }, new JsonObject { ["type"] = "string", ["pattern"] = pattern }) };

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    private static JsonArray Types(params string[] names) => new([.. names.Select(static name => JsonValue.Create(name))]);
}
