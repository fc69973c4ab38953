using System.Text;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The script of a job: it tells the node who it is, and runs the commands of the site around the node's own script.</summary>
internal static class QueueJobScript
{
    /// <param name="cluster">Its name.</param>
    /// <param name="request">Gives the type and the node's script.</param>
    /// <param name="number">The node's number, as the shell reads it within double quotes: <c>$SGE_TASK_ID</c>.</param>
    /// <param name="prologue">Commands before the node's script, in the same shell: what they set holds for it.</param>
    /// <param name="epilogue">Commands after it, however it ended.</param>
    public static string Render(string cluster, LaunchRequest request, string number, IReadOnlyList<string> prologue, IReadOnlyList<string> epilogue)
    {
        var text = new StringBuilder($"""
            #!/bin/sh
            export {NodeMarks.Cluster}={ShellText.Quote(cluster)}
            export {NodeMarks.NodeType}={ShellText.Quote(request.Type)}
            export {NodeMarks.Node}="{request.Type}-{number}"
            # The notice of a suspension: nothing is to be done, and without this it would end the shell.
            trap '' USR1
            cd

            """);
        foreach (var command in prologue)
        {
            AppendCommand(text, command);
        }

        return (epilogue.Count > 0 ? Around(text, request.Script, epilogue) : text.Append(WithNewline(request.Script))).ToString();
    }

    /// <summary>
    /// A shell has to wait for the node's script, and must not die of the signal that tells it to leave: it hands that on, also one that came before it knew the script's process. A wait that a signal
    /// interrupted is begun again, until the script has ended.
    /// </summary>
    private static StringBuilder Around(StringBuilder text, string script, IReadOnlyList<string> epilogue)
    {
        text.Append($$"""
            node=
            leave=
            trap 'leave=1; [ -z "$node" ] || kill -s TERM "$node" 2> /dev/null' TERM USR2
            (
            {{WithNewline(script)}}) &
            node=$!
            [ -z "$leave" ] || kill -s TERM "$node"
            wait "$node"
            code=$?
            while kill -0 "$node" 2> /dev/null; do
              wait "$node"
              code=$?
            done

            """);
        foreach (var command in epilogue)
        {
            text.Append(WithNewline(command));
        }

        return text.Append("exit \"$code\"\n");
    }

    /// <summary>On lines of their own, so that a command may end in a comment or a here-document.</summary>
    private static void AppendCommand(StringBuilder text, string command) => text.Append($"{{\n{WithNewline(command)}}} || exit\n");

    private static string WithNewline(string text) => text.EndsWith('\n') ? text : $"{text}\n";
}
