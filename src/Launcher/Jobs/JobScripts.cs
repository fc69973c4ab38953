using System.Globalization;

namespace Weft.Launcher;

/// <summary>
/// What the head is asked of jobs, as scripts for any POSIX shell: a head that is about to end, or runs another version of the program, is asked all the same. The processes of a job are those of this
/// user that have the job's and the cluster's name in their environment, whoever their parent is now.
/// </summary>
internal static class JobScripts
{
    public const string Begin = "weft-jobs";
    public const string End = "weft-end";
    public const string Process = "process";

    /// <summary>Of <see cref="Start"/>: there is a job of this name.</summary>
    public const int Exists = 17;

    /// <summary>Of one answer of <see cref="ReadOutput"/>, before it is written as text.</summary>
    private const int OutputBytesMax = 1 << 20;

    /// <summary>Jobs that are over, whose folders are kept; when another is submitted the oldest go.</summary>
    public const int OverMax = 100;

    /// <summary>Tenths of a second for a supervisor to start the program.</summary>
    private const int StartTriesMax = 600;

    /// <summary>
    /// <c>marked</c> prints <c>PID job ID</c> or <c>PID supervisor ID</c>. One <c>grep</c> over all processes first: two or three programs for each of thousands would take seconds. Without
    /// <c>-z</c> that of busybox sees the first variable alone.
    /// </summary>
    private const string Functions =
        """
        marked() {
          grep -lszF -e WEFT_JOB /proc/[0-9]*/environ | while IFS= read -r environ; do
            pid=${environ#/proc/}; pid=${pid%/environ}
            [ -O "/proc/$pid" ] || continue
            variables=$({ tr '\0' '\n' < "$environ"; } 2> /dev/null) || continue
            printf '%s\n' "$variables" | grep -qxF -e "WEFT_CLUSTER=$cluster" || continue
            printf '%s\n' "$variables" | sed -n -e "s/^WEFT_JOB=/$pid job /p" -e "s/^WEFT_JOB_SUPERVISOR=/$pid supervisor /p"
          done
        }
        wanted() {
          marked | while read -r pid kind id; do
            [ "$kind" = "$1" ] || continue
            case "$2" in '*'|"$id") echo "$pid" ;; esac
          done
        }
        pause() { sleep 0.1 2> /dev/null || sleep 1; }

        """;

    /// <summary>Prints what <see cref="JobReport"/> reads.</summary>
    public static string List(string cluster, string jobs) => Head(cluster, jobs) +
        """
        echo weft-jobs
        marked | sed 's/^/process /'
        cd "$jobs" 2> /dev/null && grep -s '' /dev/null */job.json
        echo weft-end

        """;

    /// <summary>Prepares for the copying of a program: prints nothing. What an interrupted copying left a day ago goes, and the oldest of too many jobs of which nothing lives.</summary>
    public static string Prepare(string cluster, string jobs, string id, string upload) => Head(cluster, jobs) +
        $$"""
        umask 077
        mkdir -p "$jobs" && cd "$jobs" || exit 1
        [ ! -e {{ShellText.Quote(id)}} ] || exit {{Exists}}
        find . -mindepth 1 -maxdepth 1 -name '.*' -mtime +0 -exec rm -rf {} + 2> /dev/null
        live=$(marked | sed 's/^[0-9]* [a-z]* //')
        ls -t */job.json 2> /dev/null | sed 's|/job\.json$||' | grep -vxF -e "$live" | tail -n +{{OverMax}} | while IFS= read -r old; do rm -rf "$old"; done
        mkdir {{ShellText.Quote(upload)}}

        """;

    /// <summary>Removes a copy that is not needed.</summary>
    public static string Abandon(string cluster, string jobs, string upload) => Head(cluster, jobs) + $"rm -rf \"$jobs\"/{ShellText.Quote(upload)}\n";

    /// <summary>Makes a job of a program that was copied, and starts its supervisor, which starts the program. Reads the job's record.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="jobs">The folder of all jobs.</param>
    /// <param name="id">The job's.</param>
    /// <param name="upload">Where the program is, in the folder of all jobs.</param>
    /// <param name="program">The <c>weft</c> program on the head.</param>
    /// <param name="environment">Lines of script that set what all have.</param>
    /// <param name="variables">The job's own.</param>
    public static string Start(string cluster, string jobs, string id, string upload, string program, string environment, IEnumerable<KeyValuePair<string, string>> variables) => Head(cluster, jobs) +
        $$"""
        mask=$(umask)
        umask 077
        id={{ShellText.Quote(id)}} upload={{ShellText.Quote(upload)}}
        # No job is left that is on no list, and whose name is taken.
        fail() { cd "$jobs" && rm -rf "$id"; exit 1; }
        cd "$jobs" || exit 1
        mkdir "$id" || { [ ! -e "$id" ] || exit {{Exists}}; exit 1; }
        mv "$upload/program" "$id/program" && rm -rf "$upload" || fail
        cat > "$id/job.json.new" && mv "$id/job.json.new" "$id/job.json" && true > "$id/output.log" || fail
        cd "$id" || fail
        umask "$mask"
        # Marks of whoever runs this are none of the job's.
        unset WEFT_NODE WEFT_NODE_TYPE WEFT_JOB WEFT_RUN

        """ + environment + string.Concat(variables.Select(static variable => $"export {variable.Key}={ShellText.Quote(variable.Value)}\n")) +
        $$"""
        # In a subshell: the environment is the mark of a job's processes, and the rest of this script is none of them.
        (
          export WEFT_CLUSTER="$cluster" WEFT_JOB_SUPERVISOR="$id"
          exec setsid nohup {{ShellText.QuotePath(program)}} job-run "$jobs/$id" < /dev/null >> output.log 2>&1
        ) &
        supervisor=$! tries=0
        until grep -q -e '"started":' -e '"ended":' job.json; do
          if [ $tries -ge {{StartTriesMax}} ] || ! kill -0 $supervisor 2> /dev/null; then
            grep -q -e '"started":' -e '"ended":' job.json && break
            kill -KILL $supervisor 2> /dev/null
            echo 'it does not start' >&2
            tail -n 5 output.log >&2
            fail
          fi
          tries=$((tries + 1))
          pause
        done

        """;

    /// <summary>
    /// Prints whether the job is over (<c>yes</c>, <c>no</c>), how much it has written and, on further lines in base 64, what comes after <paramref name="offset"/>. Waits a while for there to be something
    /// new. Whether it is over is looked at first: what it has written before its end is there then.
    /// </summary>
    public static string ReadOutput(string cluster, string jobs, string id, long offset, TimeSpan patience) => Head(cluster, jobs) +
        string.Create(CultureInfo.InvariantCulture, $"id={ShellText.Quote(id)} offset={offset} tries={(int)(patience.TotalMilliseconds / 100)}\n") +
        $$"""
        cd "$jobs/$id" || exit 1
        while :; do
          over=no
          if grep -q '"ended":' job.json; then over=yes
          elif [ $((tries % 10)) -eq 0 ] && [ -z "$(wanted supervisor "$id")" ]; then over=yes
          fi
          size=$(wc -c < output.log 2> /dev/null) || size=0
          [ "$size" -le "$offset" ] && [ $over = no ] && [ $tries -gt 0 ] || break
          tries=$((tries - 1))
          pause
        done
        echo weft-jobs
        echo $over $size
        [ "$size" -le "$offset" ] || tail -c +$((offset + 1)) output.log | head -c {{OutputBytesMax}} | base64
        echo weft-end

        """;

    /// <summary>
    /// Ends the processes of a job, or of all: SIGTERM, and SIGKILL after a grace. Their supervisors see it and end; those that do not are ended, too. Prints <c>left PID</c> for processes that could not be
    /// ended.
    /// </summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="jobs">The folder of all jobs.</param>
    /// <param name="id">The job's; null: all jobs.</param>
    /// <param name="grace">Before they are killed.</param>
    public static string Stop(string cluster, string jobs, string? id, TimeSpan grace) => Head(cluster, jobs) +
        string.Create(CultureInfo.InvariantCulture, $"id={ShellText.Quote(id ?? "*")} grace={(int)grace.TotalSeconds}\n") +
        """
        for supervised in $(marked | sed -n 's/^[0-9]* supervisor //p'); do
          # Not by ':', a special builtin, whose failure ends the shell: there may be no such folder any more, or no room in it.
          case "$id" in '*'|"$supervised") true 2> /dev/null > "$jobs/$supervised/stop" ;; esac
        done

        """ + EndProcesses +
        """
        tries=0
        while left=$(wanted supervisor "$id") && [ -n "$left" ] && [ $tries -lt 80 ]; do
          tries=$((tries + 1))
          # One that has yet to end the cluster goes on by itself, unless all are to end.
          [ "$id" = '*' ] || ! grep -q '"ended":' "$jobs/$id/job.json" || break
          [ $tries -lt 30 ] || [ "$id" != '*' ] || kill -TERM $left 2> /dev/null
          [ $tries -lt 60 ] || kill -KILL $left 2> /dev/null
          pause
        done

        """;

    /// <summary>Ends what a job's program has left behind; the same rules.</summary>
    public static string Sweep(string cluster, string jobs, string id, TimeSpan grace) => Head(cluster, jobs) +
        string.Create(CultureInfo.InvariantCulture, $"id={ShellText.Quote(id)} grace={(int)grace.TotalSeconds}\n") + EndProcesses;

    private const string EndProcesses =
        """
        left=$(wanted job "$id")
        [ -z "$left" ] || kill -TERM $left 2> /dev/null
        until=$(($(date +%s) + grace))
        while left=$(wanted job "$id") && [ -n "$left" ] && [ "$(date +%s)" -lt "$until" ]; do pause; done
        tries=0
        while left=$(wanted job "$id") && [ -n "$left" ] && [ $tries -lt 50 ]; do
          kill -KILL $left 2> /dev/null
          tries=$((tries + 1))
          pause
        done
        for pid in $left; do echo "left $pid"; done

        """;

    private static string Head(string cluster, string jobs) => $"jobs={ShellText.QuotePath(jobs)} cluster={ShellText.Quote(cluster)}\n{Functions}";
}
