using System.Text.Json;

namespace Weft.Protocol;

/// <summary>
/// What a scheduler says of itself in the file by which workers and clients find it. The fields are those of Dask's scheduler
/// file, and beside them what makes talking to it safe; fields of others are passed over.
/// </summary>
/// <param name="Id"><c>Scheduler-</c> and a UUID, new at each start.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="StatusPort">The port of its status page; null when it has none.</param>
/// <param name="Started">When it started.</param>
/// <param name="Token">The cluster's secret.</param>
/// <param name="CertificateSha256">Fingerprint of its certificate; empty when it listens in cleartext.</param>
/// <param name="Epoch">Which start of the cluster it is.</param>
/// <param name="IsInsecure">Whether its owner asked for cleartext beyond loopback.</param>
public sealed record SchedulerFile(
    string Id,
    ClusterAddress Address,
    int? StatusPort,
    DateTimeOffset Started,
    string Token,
    string CertificateSha256,
    uint Epoch,
    bool IsInsecure = false)
{
    public const string TypeName = "Scheduler";

    public ClusterEndpoint Endpoint => new(Address, Token, CertificateSha256, IsInsecure);

    public static string NewId() => $"{TypeName}-{Guid.NewGuid()}";

    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("type", TypeName);
            writer.WriteString("id", Id);
            writer.WriteString("address", Address.ToString());
            writer.WriteStartObject("services");
            if (StatusPort is { } port)
            {
                writer.WriteNumber("dashboard", port);
            }

            writer.WriteEndObject();
            writer.WriteNumber("started", Started.ToUnixTimeMilliseconds() / 1000m);
            writer.WriteStartObject("workers");
            writer.WriteEndObject();
            writer.WriteString("token", Token);
            writer.WriteString("certificate_sha256", CertificateSha256);
            writer.WriteNumber("epoch", Epoch);
            if (IsInsecure)
            {
                writer.WriteBoolean("insecure", true);
            }

            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>The token stays out of every text.</summary>
    public override string ToString() => $"{Id} at {Address}";
}
