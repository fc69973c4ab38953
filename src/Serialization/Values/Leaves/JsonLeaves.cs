using System.Text.Json;
using System.Text.Json.Nodes;

namespace Weft.Serialization;

file static class JsonDepth
{
    /// <summary>JSON that could be made can be read: by default the writer allows for far deeper nesting than the reader.</summary>
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = ValueWriter.DepthMax };
}

/// <summary>JSON is its text. An element that was never set is nil.</summary>
internal sealed class JsonElementCodec : ValueCodec<JsonElement>
{
    public override void Write(ref ValueWriter writer, JsonElement value) =>
        writer.WriteString(value.ValueKind == JsonValueKind.Undefined ? null : value.GetRawText());

    public override JsonElement Read(ref ValueReader reader) => reader.ReadString() is { } text ? JsonElement.Parse(text, JsonDepth.Options) : default;
}

/// <inheritdoc cref="JsonElementCodec"/>
internal sealed class JsonDocumentShape : LeafShape<JsonDocument>
{
    public override bool IsTracked => true;

    protected override void Write(ref ValueWriter writer, JsonDocument value) => writer.WriteString(value.RootElement.GetRawText());

    protected override JsonDocument Read(ref ValueReader reader) => JsonDocument.Parse(ReadText(ref reader), JsonDepth.Options);
}

/// <summary>A tree of JSON; written from this node down, so it comes back as a root.</summary>
internal sealed class JsonNodeShape(Type type) : LeafShape<JsonNode>(type)
{
    public override bool IsTracked => true;

    protected override void Write(ref ValueWriter writer, JsonNode value) => writer.WriteString(value.ToJsonString());

    protected override JsonNode Read(ref ValueReader reader)
    {
        JsonNode node = JsonNode.Parse(ReadText(ref reader), documentOptions: JsonDepth.Options) ?? throw new ValueSerializationException("Malformed data: JSON null stands for a node");
        return Type.IsInstanceOfType(node)
            ? node
            : throw new ValueSerializationException($"Malformed data: {TypeNames.Display(node.GetType())} stands for {TypeNames.Display(Type)}");
    }
}
