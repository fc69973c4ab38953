using System.Text;

namespace Weft.Launcher;

/// <summary>What would be submitted for a cluster, as a person would read it. Asks nothing of anybody.</summary>
public static class ClusterManifest
{
    public static string Of(ClusterSite site)
    {
        var configuration = site.Configuration;
        var folder = new ClusterFolder(ClusterFolder.UsualOf(configuration.ClusterName));
        var text = new StringBuilder();
        foreach (var note in configuration.Notes)
        {
            text.Append("# note: ").AppendLine(note);
        }

        text.AppendLine($"# ---- the head, {(configuration.Head.IsJob ? "a node" : $"on {site.Head.Name}")}");
        text.AppendLine(new HeadLaunch(site).Describe(folder).TrimEnd());
        var requests = new LaunchRequests(configuration.AsSeenFrom(folder), folder, new HeadProgram(site).Path);
        foreach (var type in configuration.NodeTypes)
        {
            var count = Math.Max(1, type.WorkersMin);
            text.AppendLine().AppendLine($"# ---- node type {type.Name}: {type.WorkersMin} to {type.WorkersMax} nodes; a request for {count}");
            text.AppendLine(site.Provider.Describe(requests.Of(type, 1, count, type.IsSpot)).TrimEnd());
        }

        return text.ToString();
    }
}
