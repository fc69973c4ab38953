using System.Globalization;
using System.Text;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A launch on hosts as a person would type it.</summary>
internal static class SshDescription
{
    /// <param name="request">What is launched.</param>
    /// <param name="settings">Of the cluster.</param>
    /// <param name="hosts">Those that its nodes may run on.</param>
    public static string Of(LaunchRequest request, ClusterSettings settings, IReadOnlyList<SshHost> hosts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {request.Count} of type {request.Type}, on the first of these hosts that are free{(request.Type == NodeMarks.HeadType ? "" : ", from the head")}\n");
        var first = request.Nodes.First();
        foreach (var host in hosts)
        {
            text.Append(CultureInfo.InvariantCulture, $"# {host}\n");
            foreach (var file in request.Files)
            {
                var patterns = string.Concat(RsyncWords.Patterns(file).Select(static pattern => $" {ShellText.Quote(pattern)}"));
                text.Append(CultureInfo.InvariantCulture, $"rsync -a{patterns} -e {ShellText.Quote(host.Arguments.ForPeople(withHost: false))} {ShellText.QuotePath(HomePath.ToPortable(file.Source))} {ShellText.Quote(host.Arguments.RemotePath(file.Target))}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{host.Arguments.ForPeople(withHost: true)} 'WEFT_CLUSTER={settings.ClusterName} WEFT_NODE_TYPE={request.Type} WEFT_NODE={first} setsid /bin/sh' < script.sh\n");
        }

        text.Append("# script.sh\n").Append(request.Script);
        return request.Script.EndsWith('\n') ? text.ToString() : text.Append('\n').ToString();
    }
}
