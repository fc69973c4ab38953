using System.Globalization;
using System.Text;
using System.Text.Json;
using V1 = Weft.Protocol.V1;

namespace Weft.Cli;

/// <summary>What an autoscaler says of a cluster's nodes, for programs and for people.</summary>
internal static class NodesText
{
    /// <summary>Failures that people are shown; programs get all that are kept.</summary>
    private const int FailuresShown = 5;

    /// <summary>Scripts rely on the names: append only.</summary>
    public static void Write(Utf8JsonWriter writer, V1.NodesReport report, ulong ageMs)
    {
        writer.WriteStartObject();
        writer.WriteString("cluster", report.ClusterName);
        writer.WriteString("provider", report.Provider);
        writer.WriteNumber("age_ms", ageMs);
        writer.WriteNumber("max_workers", report.WorkersMax);
        writer.WriteBoolean("ends", report.Target?.End ?? false);
        WriteCount(writer, "target_min", report.Target is { HasMinimum: true } least ? least.Minimum : null);
        WriteCount(writer, "target_max", report.Target is { HasMaximum: true } most ? most.Maximum : null);
        WriteArray(writer, "nodes", report.Nodes, static (writer, node) =>
        {
            writer.WriteString("name", node.Name);
            writer.WriteString("type", node.Type);
            writer.WriteString("state", node.State);
            writer.WriteString("detail", node.Detail);
            writer.WriteString("host", node.Host);
            writer.WriteString("system_name", node.SystemName);
            writer.WriteBoolean("spot", node.Spot);
        });
        WriteArray(writer, "node_types", report.NodeTypes, static (writer, type) =>
        {
            writer.WriteString("name", type.Name);
            writer.WriteNumber("min", type.Minimum);
            writer.WriteNumber("max", type.Maximum);
            writer.WriteNumber("wanted", type.Wanted);
            writer.WriteNumber("waiting", type.Waiting);
            writer.WriteNumber("running", type.Running);
            writer.WriteNumber("leaving", type.Leaving);
            writer.WriteString("note", type.Note);
        });
        writer.WriteStartArray("problems");
        foreach (var problem in report.Problems)
        {
            writer.WriteStringValue(problem);
        }

        writer.WriteEndArray();
        WriteArray(writer, "failures", report.Failures, static (writer, failure) =>
        {
            writer.WriteString("node", failure.Node);
            writer.WriteString("message", failure.Message);
            writer.WriteBoolean("permanent", failure.Permanent);
        });
        writer.WriteNumber("failed", report.Failed);
        writer.WriteEndObject();
    }

    public static void Append(StringBuilder text, V1.NodesReport report)
    {
        text.AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"cluster    {report.ClusterName} ({report.Provider}), at most {report.WorkersMax} worker nodes{TargetText(report.Target)}");
        foreach (var type in report.NodeTypes)
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"  type {type.Name,-19} {type.Minimum} to {type.Maximum}: {type.Wanted} wanted, {type.Running} running, {type.Waiting} waiting{(type.Leaving > 0 ? $", {type.Leaving} leaving" : "")}{(type.Note.Length > 0 ? $"; {type.Note}" : "")}");
        }

        text.AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"nodes      {report.Nodes.Count}");
        foreach (var node in report.Nodes)
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"  {node.Name,-24} {node.State,-8} {(node.Host.Length > 0 ? node.Host : "-"),-16} {node.SystemName}{(node.Spot ? "  spot" : "")}{(node.Detail.Length > 0 ? $"  {node.Detail}" : "")}");
        }

        AppendLines(text, "problems", report.Problems);
        AppendLines(text, "failures", report.Failures.TakeLast(FailuresShown).Select(static failure => $"{failure.Node}: {failure.Message}{(failure.Permanent ? " (for good)" : "")}"));
    }

    private static void AppendLines(StringBuilder text, string title, IEnumerable<string> lines)
    {
        foreach (var (number, line) in lines.Index())
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"{(number == 0 ? title : ""),-10} {line}");
        }
    }

    private static string TargetText(V1.ScaleTarget? target) => target switch
    {
        { End: true } => "; it is ending",
        { HasMinimum: true, HasMaximum: true } when target.Minimum == target.Maximum => $"; set to {target.Minimum}",
        { HasMinimum: true, HasMaximum: true } => $"; set to {target.Minimum} to {target.Maximum}",
        { HasMinimum: true } => $"; set to at least {target.Minimum}",
        { HasMaximum: true } => $"; set to at most {target.Maximum}",
        _ => "",
    };

    private static void WriteCount(Utf8JsonWriter writer, string name, uint? count)
    {
        if (count is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
