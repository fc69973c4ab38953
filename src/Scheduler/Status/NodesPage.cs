using System.Globalization;
using System.Net;
using System.Text;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>The page of a cluster's nodes, as its autoscaler told of them last.</summary>
internal static class NodesPage
{
    public static string Render(ClusterInfo info)
    {
        if (info.Nodes is not { } report)
        {
            return "<p>This cluster has no autoscaler: its workers were started by other means.</p>";
        }

        var types = new StringBuilder();
        foreach (var type in report.NodeTypes)
        {
            types.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{Escape(type.Name)}</td><td class=n>{type.Minimum}</td><td class=n>{type.Maximum}</td><td class=n>{type.Wanted}</td>
                <td class=n>{type.Waiting}</td><td class=n>{type.Running}</td><td class=n>{type.Leaving}</td><td>{Escape(type.Note)}</td></tr>
                """);
        }

        var nodes = new StringBuilder();
        foreach (var node in report.Nodes)
        {
            nodes.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{Escape(node.Name)}</td><td>{Escape(node.State)}</td><td>{Escape(node.Host)}</td><td>{Escape(node.SystemName)}</td><td>{Escape(node.Detail)}</td></tr>
                """);
        }

        var problems = string.Concat(report.Problems.Concat(report.Failures.Select(static failure => $"{failure.Node}: {failure.Message}")).Select(static line => $"<li>{Escape(line)}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            <p>Cluster {Escape(report.ClusterName)}, provider {Escape(report.Provider)}, told {info.NodesAgeMs / 1000.0:N0} s ago.</p>
            <table><tr><th>Type</th><th>Min</th><th>Max</th><th>Wanted</th><th>Waiting</th><th>Running</th><th>Leaving</th><th></th></tr>{types}</table>
            <ul>{problems}</ul>
            <table><tr><th>Node</th><th>State</th><th>Host</th><th>In its system</th><th></th></tr>{nodes}</table>
            """);
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
