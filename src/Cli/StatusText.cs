using System.Globalization;
using System.Text;
using System.Text.Json;
using V1 = Weft.Protocol.V1;

namespace Weft.Cli;

/// <summary>What a scheduler says of its cluster, for programs and for people.</summary>
internal static class StatusText
{
    /// <summary>Scripts rely on the names: append only.</summary>
    public static string ToJson(V1.ClusterInfo info)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("address", info.Address);
            writer.WriteString("status_url", info.StatusUrl);
            writer.WriteString("id", info.SchedulerId);
            writer.WriteString("version", info.WeftVersion);
            writer.WriteNumber("epoch", info.Epoch);
            writer.WriteNumber("started", info.Started);
            writer.WriteNumber("clients", info.Clients);
            writer.WriteNumber("completed", info.Completed);
            writer.WriteBoolean("recovering", info.Recovering);
            writer.WriteString("journal", info.Journal);
            writer.WriteNumber("data", info.DataBytes);
            writer.WriteNumber("data_limit", info.DataBytesMax);
            writer.WriteStartArray("workers");
            foreach (var worker in info.Workers)
            {
                WriteWorker(writer, worker);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("tasks");
            foreach (var (phase, count) in InOrder(info))
            {
                writer.WriteNumber(phase, count);
            }

            writer.WriteEndObject();
            if (info.Nodes is { } nodes)
            {
                writer.WritePropertyName("nodes");
                NodesText.Write(writer, nodes, info.NodesAgeMs);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static string ToTable(V1.ClusterInfo info)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"scheduler  {info.Address}  Weft {info.WeftVersion}, epoch {info.Epoch}");
        text.AppendLine(CultureInfo.InvariantCulture, $"status     {(info.StatusUrl.Length > 0 ? info.StatusUrl : "off")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"tasks      {string.Join(", ", InOrder(info).Select(static one => $"{one.Count} {one.Phase}"))}");
        text.AppendLine(CultureInfo.InvariantCulture, $"clients    {info.Clients}");
        text.AppendLine(CultureInfo.InvariantCulture, $"data       {info.DataBytes:N0} of {info.DataBytesMax:N0} bytes");
        text.AppendLine(CultureInfo.InvariantCulture, $"journal    {info.Journal}{(info.Recovering ? ", waiting for workers of before the restart" : "")}");
        text.Append(CultureInfo.InvariantCulture, $"workers    {info.Workers.Count}{PausedText(info)}");
        foreach (var worker in info.Workers)
        {
            text.AppendLine();
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {worker.Name,-24} {worker.Host,-16} slots {worker.Slots,3}  running {worker.Running,4}  assigned {worker.Assigned,6}  memory {worker.MemoryBytes >> 20} of {worker.MemoryLimitBytes >> 20} MiB{(worker.Paused ? "  paused" : "")}{(worker.Leaving.Length > 0 ? $"  leaving: {worker.Leaving}" : "")}");
        }

        if (info.Nodes is { } nodes)
        {
            NodesText.Append(text, nodes);
        }

        return text.ToString();
    }

    private static string PausedText(V1.ClusterInfo info) => info.Workers.Count(static worker => worker.Paused) switch
    {
        0 => "",
        var paused when paused < info.Workers.Count => string.Create(CultureInfo.InvariantCulture, $", {paused} paused for their memory"),
        _ => ", all paused for their memory: nothing begins until results are released",
    };

    private static void WriteWorker(Utf8JsonWriter writer, V1.WorkerInfo worker)
    {
        writer.WriteStartObject();
        writer.WriteString("name", worker.Name);
        writer.WriteString("host", worker.Host);
        writer.WriteNumber("slots", worker.Slots);
        writer.WriteNumber("memory_limit", worker.MemoryLimitBytes);
        writer.WriteNumber("id", worker.Id);
        writer.WriteString("address", worker.Address);
        writer.WriteNumber("pid", worker.ProcessId);
        writer.WriteNumber("memory", worker.MemoryBytes);
        writer.WriteNumber("stored", worker.StoreBytes);
        writer.WriteNumber("assigned", worker.Assigned);
        writer.WriteNumber("running", worker.Running);
        writer.WriteNumber("last_seen_ms", worker.LastSeenMs);
        writer.WriteString("leaving", worker.Leaving);
        writer.WriteString("refused_to_leave", worker.RefusedToLeave);
        writer.WriteBoolean("paused", worker.Paused);
        writer.WriteStartObject("resources");
        foreach (var resource in worker.Resources)
        {
            writer.WriteNumber(resource.Name, resource.Milli / 1000m);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Phases in the order of a task's life, then whatever a later version may add.</summary>
    private static IEnumerable<(string Phase, ulong Count)> InOrder(V1.ClusterInfo info)
    {
        var known = Enum.GetNames<Primitives.TaskPhase>().Select(static name => name.ToLowerInvariant()).ToArray();
        return known.Where(info.Tasks.ContainsKey)
            .Concat(info.Tasks.Keys.Except(known).Order(StringComparer.Ordinal))
            .Select(phase => (phase, info.Tasks[phase]));
    }
}
