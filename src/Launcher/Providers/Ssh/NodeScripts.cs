using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// What a host is asked, as scripts for any POSIX shell. A node is all processes of the user that have the cluster's and the node's name in their environment, however they were started and whoever
/// their parent is now. Beside them files tell how a node ended: <c>nodes/HOST/NODE.pid</c> (it was started), <c>.exit</c> (its exit code, and the last line of its log), <c>.end</c> (it was told to
/// end), in a folder by host because homes may be shared.
/// </summary>
internal static class NodeScripts
{
    public const string Begin = "weft-nodes";
    public const string End = "weft-end";

    /// <summary>Of the nodes of a host that are over, the newest by their begin: what is beyond is forgotten.</summary>
    private const string OverMax = "100";

    /// <summary>One <c>grep</c> over all processes first: two or three programs for each of thousands would take seconds. Without <c>-z</c> that of busybox sees the first variable alone.</summary>
    private const string Functions =
        """
        processes() {
          grep -lszxF -e "WEFT_CLUSTER=$cluster" /proc/[0-9]*/environ | while IFS= read -r environ; do
            pid=${environ#/proc/}; pid=${pid%/environ}
            [ -O "/proc/$pid" ] || continue
            node=$({ tr '\0' '\n' < "$environ"; } 2> /dev/null | sed -n 's/^WEFT_NODE=//p' | head -n 1)
            printf '%s %s\n' "$pid" "$node"
          done
        }
        wanted_processes() {
          processes | while read -r pid node; do
            case " $wanted " in *" $node "*) echo "$pid" ;; esac
          done
        }
        pause() { sleep 0.2 2> /dev/null || sleep 1; }

        """;

    /// <summary>
    /// Ends what the script of a node has left running: SIGTERM, and SIGKILL after two seconds. As soon as nothing is left the node may be launched again, under the same name: <c>launched_again</c>, which
    /// says so from before its first process on, is asked after each look, so that only processes of before are ended.
    /// </summary>
    public const string Sweep = Functions +
        """
        signal=TERM tries=0
        while left=$(wanted_processes) && [ -n "$left" ] && ! launched_again && [ $tries -lt 20 ]; do
          kill -$signal $left 2> /dev/null
          tries=$((tries + 1)); [ $tries -lt 10 ] || signal=KILL
          pause
        done

        """;

    /// <summary>
    /// Runs around a node's script, so that its exit code is kept and nothing of it stays. It is not ended by what is meant for its processes: a signal that is trapped is the default again in children.
    /// The second half has an environment that is no longer the node's: its own helpers would be found as processes of the node.
    /// </summary>
    private const string Run =
        """
        nodes=$1
        if [ $# -eq 1 ]; then
          cluster=$WEFT_CLUSTER wanted=$WEFT_NODE
          trap : HUP INT TERM
          echo $$ > "$nodes/$wanted.pid"
          /bin/sh "$nodes/$wanted.sh"
          code=$?
          last=$(
            unset WEFT_CLUSTER WEFT_NODE WEFT_NODE_TYPE
            export LC_ALL=C
            tail -c 2000 "${nodes%/nodes/*}/logs/$wanted.log" 2> /dev/null | tr '\t' ' ' | tr -d '\000-\010\013-\037' | grep -v '^ *$' | tail -n 1 | cut -c 1-300
          )
          printf '%s %s\n' $code "$last" > "$nodes/$wanted.exit.new"
          mv "$nodes/$wanted.exit.new" "$nodes/$wanted.exit"
          unset WEFT_CLUSTER WEFT_NODE WEFT_NODE_TYPE
          exec /bin/sh "$nodes/$wanted.run" "$nodes" "$cluster" "$wanted"
        fi
        cluster=$2 wanted=$3
        launched_again() { [ "$(cat "$nodes/$wanted.pid" 2> /dev/null)" != $$ ]; }

        """ + Sweep;

    /// <summary>
    /// Prints what <see cref="HostReport.TryReadNodes"/> reads. Looks at processes first and at files afterwards: a node that ends in between has left its exit code by then. One that has neither may have
    /// been started in between: for those processes are looked at once more. For nodes that have ended no program is run: there may be many of them, and this is asked every second.
    /// </summary>
    public static string List(string cluster, string folder) => Head(cluster, folder) + $"max={OverMax}\n" +
        """
        survey() {
          live=$(processes)
          names=" $(printf '%s\n' "$live" | sed -n 's/^[0-9]* //p' | sort -u | tr '\n' ' ')"
        }
        is_live() { case "$names" in *" $1 "*) ;; *) return 1 ;; esac; }
        describe() {
          asked=no pid=
          [ ! -e "$nodes/$1.end" ] || asked=yes
          { read -r pid < "$nodes/$1.pid"; } 2> /dev/null
          [ -n "$pid" ] || pid=0
        }
        say_live() {
          describe "$1"
          [ "$pid" != 0 ] || pid=$(printf '%s\n' "$live" | grep -e " $1\$" | head -n 1 | sed 's/ .*//')
          echo "live $1 $pid $asked"
        }
        say_over() {
          over=$((over + 1))
          if [ $over -gt $max ]; then
            rm -f "$nodes/$1.pid" "$nodes/$1.sh" "$nodes/$1.run" "$nodes/$1.end" "$nodes/$1.exit"
            return
          fi
          describe "$1"
          code=- last=
          { read -r code last < "$nodes/$1.exit"; } 2> /dev/null
          printf '%s\n' "over $1 $pid $asked $code $last"
        }
        echo weft-nodes
        survey
        for node in $names; do say_live "$node"; done
        said=$names over=0
        pids=$(ls -t "$nodes" 2> /dev/null | sed -n 's/\.pid$//p')
        for node in $pids; do
          is_live "$node" || [ -e "$nodes/$node.exit" ] || { survey; break; }
        done
        for node in $pids; do
          case "$said" in *" $node "*) continue ;; esac
          if is_live "$node"; then say_live "$node"; else say_over "$node"; fi
        done
        echo weft-end

        """;

    /// <summary>Starts one node, whose script is the input; prints <c>started</c>, or <c>there</c> when it runs already.</summary>
    public static string Launch(string cluster, string folder, NodeId node) => Head(cluster, folder) +
        $"wanted={ShellText.Quote(node.ToString())} type={ShellText.Quote(node.Type)}\n" +
        """
        command -v setsid > /dev/null || { echo 'setsid: command not found' >&2; exit 1; }
        live=$(wanted_processes)
        [ -z "$live" ] || { echo there; exit 0; }
        (
          umask 077
          mkdir -p "$nodes" "$folder/logs" && cat > "$nodes/$wanted.sh" && : >> "$folder/logs/$wanted.log"
        ) || exit 1

        """ + $"cat > \"$nodes/$wanted.run\" <<'WEFT_RUN' || exit 1\n{Run}WEFT_RUN\n" +
        """
        # What is remembered of nodes that ended more than a day ago.
        find "$nodes" -name '*.exit' -mtime +0 2> /dev/null | while IFS= read -r old; do
          old=${old%.exit}
          rm -f "$old.pid" "$old.sh" "$old.run" "$old.end" "$old.exit"
        done
        rm -f "$nodes/$wanted.pid" "$nodes/$wanted.exit" "$nodes/$wanted.end"
        # A session of its own has no terminal, and nobody hangs up on it. In a subshell: the environment is the mark of a node's processes, and the rest of this script is none of them.
        (
          cd || exit 1
          export WEFT_CLUSTER="$cluster" WEFT_NODE="$wanted" WEFT_NODE_TYPE="$type"
          exec setsid /bin/sh "$nodes/$wanted.run" "$nodes" < /dev/null >> "$folder/logs/$wanted.log" 2>&1
        ) &
        tries=0
        until [ -s "$nodes/$wanted.pid" ]; do
          tries=$((tries + 1)); [ $tries -lt 50 ] || { echo 'it does not start' >&2; exit 1; }
          pause
        done
        echo started

        """;

    /// <summary>
    /// Ends nodes: SIGTERM, and SIGKILL after a grace. Prints <c>found NODE</c> for those that this host knows and <c>left PID</c> for processes that could not be ended. The process that keeps the exit
    /// code goes last.
    /// </summary>
    public static string Terminate(string cluster, string folder, IEnumerable<NodeId> nodes, TimeSpan grace) => Head(cluster, folder) +
        string.Create(CultureInfo.InvariantCulture, $"wanted={ShellText.Quote(string.Join(' ', nodes))} grace={(int)grace.TotalSeconds}\n") +
        """
        echo weft-nodes
        live=$(processes)
        for node in $wanted; do
          if [ -e "$nodes/$node.pid" ]; then
            # Not by ':', a special builtin, whose failure ends the shell: a full disk keeps no node from its end.
            true 2> /dev/null > "$nodes/$node.end"
            echo "found $node"
          elif printf '%s\n' "$live" | grep -q -e " $node\$"; then
            echo "found $node"
          fi
        done
        left=$(wanted_processes)
        [ -z "$left" ] || kill -TERM $left 2> /dev/null
        until=$(($(date +%s) + grace))
        while left=$(wanted_processes) && [ -n "$left" ] && [ "$(date +%s)" -lt "$until" ]; do pause; done
        keepers=" $(for node in $wanted; do cat "$nodes/$node.pid" 2> /dev/null; done | tr '\n' ' ')"
        tries=0
        while left=$(wanted_processes) && [ -n "$left" ] && [ $tries -lt 25 ]; do
          others=
          for pid in $left; do
            case "$keepers" in *" $pid "*) ;; *) others="$others $pid" ;; esac
          done
          [ -n "$others" ] || [ $tries -lt 15 ] || others=$left
          [ -z "$others" ] || kill -KILL $others 2> /dev/null
          tries=$((tries + 1))
          pause
        done
        for pid in $left; do echo "left $pid"; done
        echo weft-end

        """;

    /// <summary>Prints when the node's log was written last, and its end; nothing when there is none.</summary>
    public static string ReadLog(string cluster, string folder, NodeId node, int lines) => Head(cluster, folder) +
        $"log=$folder/logs/{ShellText.Quote(node.ToString())}.log\n" +
        string.Create(CultureInfo.InvariantCulture, $"[ -e \"$log\" ] || exit 0\necho \"weft-log $(date -r \"$log\" +%s)\"\ntail -n {lines} \"$log\"\n");

    /// <summary>
    /// Prints what <see cref="HostReport.TryReadHead"/> reads: the folder's host and the process that the head was launched as; a folder that says the same is this one, wherever it is seen from. No process:
    /// no head was launched.
    /// </summary>
    public static string FindHead(string cluster, string folder) => Head(cluster, folder) +
        $"echo {Begin}\necho \"$(uname -n) $(cat \"$nodes/{NodeMarks.Head}.pid\" 2> /dev/null)\"\necho {End}\n";

    /// <summary>Removes the cluster's folder, unless it is the head's: where homes are shared that is left to the head's host, which may still run from it.</summary>
    /// <param name="folder">An absolute path, or one that begins with <c>~/</c>.</param>
    /// <param name="headHost">As <see cref="FindHead"/> says.</param>
    /// <param name="headProcess">Likewise; empty: no head was launched.</param>
    public static string CleanUp(string folder, string headHost, string headProcess) =>
        $"head=$(cat {ShellText.QuotePath(folder)}/nodes/{ShellText.Quote(headHost)}/{NodeMarks.Head}.pid 2> /dev/null)\n" +
        $"[ -z \"$head\" ] || [ \"$head\" != {ShellText.Quote(headProcess)} ] || exit 0\n" +
        FolderRemoval.Script(folder);

    /// <summary>Complains of what a host lacks.</summary>
    public const string Check =
        """
        for program in rsync setsid grep sed tr find; do
          command -v $program > /dev/null || missing="${missing:-} $program"
        done
        [ -z "${missing:-}" ] || { echo "there is no$missing" >&2; exit 1; }
        [ -r /proc/self/environ ] || { echo 'there is no /proc, where processes are found' >&2; exit 1; }

        """;

    private static string Head(string cluster, string folder) =>
        $"folder={ShellText.QuotePath(folder)} cluster={ShellText.Quote(cluster)}\nnodes=$folder/nodes/$(uname -n)\n{Functions}";
}
