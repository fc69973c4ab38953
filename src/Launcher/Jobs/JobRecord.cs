using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Launcher;

/// <summary>What is kept of a job in its folder on the head. Written first by whoever submits it, then by its supervisor alone, and always as a whole.</summary>
public sealed record JobRecord
{
    public required string Id { get; init; }

    public required string Cluster { get; init; }

    /// <summary>On the head.</summary>
    public required string SchedulerFile { get; init; }

    /// <summary>The program and its arguments, as they are run in the job's folder.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    /// <summary>By the head's clock.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>By the head's clock.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>128 + n: signal n ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>It ended because it was told to.</summary>
    public bool WasStopped { get; init; }

    /// <summary>The cluster ends after it.</summary>
    public bool EndsCluster { get; init; }

    /// <summary>On one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JobRecordJson.Default.JobRecord);

    /// <returns>Null: that is none.</returns>
    public static JobRecord? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, JobRecordJson.Default.JobRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobRecord))]
internal sealed partial class JobRecordJson : JsonSerializerContext;
