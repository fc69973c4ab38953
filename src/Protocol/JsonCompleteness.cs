using System.Text.Json;

namespace Weft.Protocol;

/// <summary>
/// Tells JSON that was cut off from bytes that never were JSON: the one is a file half written (wait, or the disk is full),
/// the other a wrong file name.
/// </summary>
internal static class JsonCompleteness
{
    public enum Verdict
    {
        Complete,
        Truncated,
        NotJson,
    }

    public static Verdict Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json.TrimEnd(" \t\r\n"u8), isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    return reader.BytesConsumed == json.TrimEnd(" \t\r\n"u8).Length ? Verdict.Complete : Verdict.NotJson;
                }
            }

            return reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                ? Verdict.Truncated
                : Verdict.NotJson;
        }
        catch (JsonException)
        {
            return Verdict.NotJson;
        }
    }
}
