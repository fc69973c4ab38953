using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Reads what <c>qstat -xml</c> prints.</summary>
internal static class GridEngineJobList
{
    /// <summary>The tasks of a cluster; those of others are passed over.</summary>
    /// <exception cref="ProviderException">It is not what <c>qstat -xml</c> prints.</exception>
    public static IReadOnlyList<QueueTask> Read(string xml, string cluster)
    {
        try
        {
            return XDocument.Parse(xml).Descendants("job_list").SelectMany(job => Tasks(job, cluster)).ToList();
        }
        catch (Exception failure) when (failure is XmlException or FormatException or OverflowException)
        {
            throw new ProviderException(FailureKind.Transient, $"qstat -xml printed what cannot be read: {failure.Message}", failure);
        }
    }

    public static QueueTask Task(NodeId node, long job, NodeState state) => new()
    {
        Node = node,
        Job = job,
        Index = node.Number,
        State = state,
        SystemName = string.Create(CultureInfo.InvariantCulture, $"{job}.{node.Number}"),
    };

    private static IEnumerable<QueueTask> Tasks(XElement job, string cluster)
    {
        if (!GridEngineJobName.TryRead(cluster, Text(job, "JB_name"), out var type))
        {
            yield break;
        }

        var number = long.Parse(Text(job, "JB_job_number"), CultureInfo.InvariantCulture);
        var host = Text(job, "queue_name").Split('@') is [_, var name] ? name : null;
        var letters = Text(job, "state");
        var state = GridEngineState.Of(letters);
        foreach (var index in GridEngineTaskRanges.Read(Text(job, "tasks")))
        {
            yield return Task(new NodeId(type, index), number, state) with { IsStuck = state == NodeState.Failed, Detail = GridEngineState.Detail(letters), Host = host };
        }
    }

    private static string Text(XElement job, string name) => job.Element(name)?.Value.Trim() ?? "";
}
