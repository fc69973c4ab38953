using System.Security.Cryptography;
using System.Text;

namespace Weft.Launcher;

/// <summary>
/// Brings scripts to a <c>/bin/sh</c>. On no command line, which all users of a machine can read: scripts hold what users give their programs in the environment. And the login shell of a host is unknown:
/// it may be csh or fish, and must not read the script.
/// </summary>
internal static class RemoteScript
{
    /// <summary>In the environment of all processes of a run that is to be ended when nobody waits for it any more.</summary>
    public const string MarkVariable = "WEFT_RUN";

    /// <summary>Where scripts are kept that cannot come through the input: no other user can read them there.</summary>
    public const string Folder = "~/.weft/run";

    /// <summary>Reads the script's length in bytes, then the script, and runs it; what follows is left for the script to read. Reads byte by byte, because what a pipe has given cannot be put back.</summary>
    /// <param name="mark">Of the run, see <see cref="End"/>; null: none.</param>
    public static string FromInput(string? mark = null) =>
        Shell(mark) + """ -c 'IFS= read -r length && script=$(dd bs=1 count="$length" 2>/dev/null) && eval "$script"'""";

    /// <summary>What <see cref="FromInput"/> reads.</summary>
    public static string Input(string script, string? input) => $"{Encoding.UTF8.GetByteCount(script)}\n{script}{input}";

    /// <summary>Names a run.</summary>
    public static string NewMark() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Keeps its input as the script of a run, for <see cref="FromFile"/>. What was left a day ago, by a connection that broke in between, goes.</summary>
    public static string Keep(string mark) =>
        $"umask 077\nmkdir -p {ShellText.QuotePath(Folder)} && cat > {FileOf(mark)} || exit 1\nfind {ShellText.QuotePath(Folder)} -type f -mtime +0 -exec rm -f {{}} + 2> /dev/null\n:\n";

    /// <summary>A command line that runs the script which was kept, once, for when the input is the user's own.</summary>
    public static string FromFile(string mark) =>
        Shell(mark) + $" -c 'script=$(cat {FileOf(mark)}) && rm -f {FileOf(mark)} && eval \"$script\"'";

    /// <summary>Ends all processes of a run: a command on a host goes on when the connection breaks that it was started through. A script that was kept for it goes, too.</summary>
    public static string End(string mark) =>
        Drop(mark) + $"for environ in $(grep -lszxF -e {MarkVariable}={mark} /proc/[0-9]*/environ); do\n  process=${{environ#/proc/}}\n  kill -TERM \"${{process%/environ}}\"\ndone\n";

    /// <summary>Removes what was kept for a run.</summary>
    private static string Drop(string mark) => $"rm -f {FileOf(mark)}\n";

    private static string FileOf(string mark) => ShellText.QuotePath($"{Folder}/{mark}.sh");

    private static string Shell(string? mark) => mark is null ? "exec /bin/sh" : $"exec env {MarkVariable}={mark} /bin/sh";
}
