using System.Globalization;
using System.Text.Json;

namespace Weft.Launcher;

/// <summary>This instance will be, or may be, taken away.</summary>
/// <param name="Reason">For people.</param>
/// <param name="IsCertain">It will be; else there is a risk, and no hurry.</param>
/// <param name="At">When; null: it was not said.</param>
public readonly record struct PreemptionNotice(string Reason, bool IsCertain, DateTimeOffset? At)
{
    /// <summary>A notice that this host's clock cannot make sense of still leaves time for a goodbye.</summary>
    private static readonly TimeSpan LimitMin = TimeSpan.FromSeconds(10);

    /// <summary>How long workers may take to leave; null: as long as they take.</summary>
    /// <param name="now">By this host's clock.</param>
    /// <param name="limitMax">Within which they leave in any case: no notice comes earlier.</param>
    public TimeSpan? LimitFrom(DateTimeOffset now, TimeSpan limitMax)
    {
        if (!IsCertain)
        {
            return null;
        }

        var left = At - now ?? limitMax;
        return left < LimitMin ? LimitMin : left > limitMax ? limitMax : left;
    }

    /// <summary>The content of <c>spot/instance-action</c>. Whatever else it says, that it is there says that the instance goes.</summary>
    public static PreemptionNotice OfInstanceAction(string json)
    {
        var action = Field(json, "action") ?? "unknown action";
        return new PreemptionNotice($"spot notice: {action}", IsCertain: true, TimeOf(Field(json, "time")));
    }

    /// <summary>The content of <c>events/recommendations/rebalance</c>.</summary>
    public static PreemptionNotice OfRebalance(string json) => new("spot notice: rebalance recommendation", IsCertain: false, TimeOf(Field(json, "noticeTime")));

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string? Field(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var field)
                && field.ValueKind == JsonValueKind.String
                ? field.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
