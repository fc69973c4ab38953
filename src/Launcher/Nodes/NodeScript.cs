using System.Globalization;
using System.Text;

namespace Weft.Launcher;

/// <summary>
/// Writes what a node runs, for <c>/bin/sh</c>: the environment, the cluster file's commands, and the <c>weft</c> program in the end, in a container where the file names one. The same for all providers, and
/// for all nodes of a type: <c>WEFT_CLUSTER</c>, <c>WEFT_NODE_TYPE</c> and <c>WEFT_NODE</c> are set by whoever runs it.
/// </summary>
internal static class NodeScript
{
    public static string Worker(ClusterConfiguration cluster, NodeTypeConfiguration type, NodePaths paths)
    {
        var inner = new StringBuilder()
            .AppendCommands("setup command", type.WorkerSetupCommands is null ? cluster.SetupCommands : [])
            .AppendCommands("worker setup command", type.WorkerSetupCommands ?? cluster.WorkerSetupCommands)
            .Append(WorkerCommandLine.Of(cluster, type, paths));
        return Render(
            $"A worker node of the type {type.Name} of the cluster {cluster.ClusterName}.",
            cluster,
            type.InitializationCommands ?? cluster.InitializationCommands,
            type.Container is { } container ? NodeContainer.ForWorker(cluster, container, paths) : null,
            inner.ToString());
    }

    public static string Head(ClusterConfiguration cluster, NodePaths paths)
    {
        // Commands that are meant for a container are not run on a host in its stead.
        var isBare = cluster.Head.Container is null && cluster.NodeTypes.Any(static type => type.Container is not null);
        var inner = new StringBuilder()
            .AppendCommands("setup command", isBare ? [] : cluster.SetupCommands)
            .AppendCommands("head setup command", cluster.HeadSetupCommands)
            .Append($"exec {ShellText.QuotePath(paths.Program)} head {ShellText.QuotePath(paths.Folder)} </dev/null\n");
        return Render(
            $"The head of the cluster {cluster.ClusterName}.",
            cluster,
            cluster.InitializationCommands,
            cluster.Head.Container is { } container ? NodeContainer.ForHead(cluster, container, paths) : null,
            inner.ToString());
    }

    private static string Render(string title, ClusterConfiguration cluster, IReadOnlyList<string> initialization, NodeContainer? container, string inner)
    {
        var script = new StringBuilder($"#!/bin/sh\n# {title}\n");
        foreach (var (name, value) in cluster.Environment)
        {
            script.Append(CultureInfo.InvariantCulture, $"export {name}={ShellText.Quote(value)}\n");
        }

        var body = new StringBuilder().AppendCommands("initialization command", initialization);
        if (container is null)
        {
            body.Append(inner);
        }
        else
        {
            container.AppendTo(body, WithRunner(inner));
        }

        return script.Append(WithRunner(body.ToString())).ToString();
    }

    /// <summary>
    /// Ray's files are written for bash. Each command has a shell of its own there, so that <c>cd</c>, <c>exit</c> or a syntax error stays its own affair.
    /// </summary>
    private static string WithRunner(string script) => !script.Contains("weft_run ", StringComparison.Ordinal) ? script :
        $$"""
        weft_shell=$(command -v bash || command -v sh)
        weft_run() {
            "$weft_shell" -c "$2" </dev/null && return
            weft_code=$?
            printf 'weft: %s ended with exit code %s: %s\n' "$1" "$weft_code" "$(printf '%s\n' "$2" | head -n 1 | cut -c 1-200)" >&2
            exit "$weft_code"
        }
        {{script}}
        """;

    private static StringBuilder AppendCommands(this StringBuilder script, string kind, IReadOnlyList<string> commands)
    {
        for (var i = 0; i < commands.Count; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"weft_run '{kind} {i + 1}' {ShellText.Quote(commands[i])}\n");
        }

        return script;
    }
}
