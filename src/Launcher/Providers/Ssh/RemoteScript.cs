using System.Text;

namespace Weft.Launcher;

/// <summary>Brings scripts to the <c>/bin/sh</c> of a host whose login shell is unknown: it may be csh or fish, and must not read the script.</summary>
internal static class RemoteScript
{
    /// <summary>In the environment of all processes of a run that is to be ended when nobody waits for it any more.</summary>
    private const string MarkVariable = "WEFT_RUN";

    /// <summary>Less than what Linux takes for one argument (128 KiB).</summary>
    private const int CommandCharsMax = 100 << 10;

    /// <summary>Reads the script's length in bytes, then the script, and runs it; what follows is left for the script to read. Reads byte by byte, because what a pipe has given cannot be put back.</summary>
    /// <param name="mark">Of the run, see <see cref="End"/>; null: none.</param>
    public static string FromInput(string? mark = null) =>
        Shell(mark) + """ -c 'IFS= read -r length && script=$(dd bs=1 count="$length" 2>/dev/null) && eval "$script"'""";

    /// <summary>What <see cref="FromInput"/> reads.</summary>
    public static string Input(string script, string? input) => $"{Encoding.UTF8.GetByteCount(script)}\n{script}{input}";

    /// <summary>A command line that runs a script, for when the input is the user's own. Every letter that means something to some shell is written as a number.</summary>
    /// <param name="script">What the shell runs.</param>
    /// <param name="mark">Of the run, see <see cref="End"/>; null: none.</param>
    /// <exception cref="ArgumentException">The script is too long for a command line.</exception>
    public static string AsCommand(string script, string? mark = null)
    {
        var text = new StringBuilder(Shell(mark)).Append(""" -c 'eval "$(printf %b """).Append('"');
        foreach (var value in Encoding.UTF8.GetBytes(script))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)' ' or (byte)'.' or (byte)'/' or (byte)'_' or (byte)'-' or (byte)'=' or (byte)':' or (byte)',')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append("\\0").Append((char)('0' + (value >> 6))).Append((char)('0' + ((value >> 3) & 7))).Append((char)('0' + (value & 7)));
            }
        }

        text.Append("\")\"'");
        return text.Length <= CommandCharsMax
            ? text.ToString()
            : throw new ArgumentException($"a script of {script.Length} characters is too long for a command line: bring it there as a file", nameof(script));
    }

    /// <summary>Ends all processes of a run: a command on a host goes on when the connection breaks that it was started through.</summary>
    public static string End(string mark) =>
        $"for environ in $(grep -lszxF -e {MarkVariable}={mark} /proc/[0-9]*/environ); do\n  process=${{environ#/proc/}}\n  kill -TERM \"${{process%/environ}}\"\ndone\n";

    private static string Shell(string? mark) => mark is null ? "exec /bin/sh" : $"exec env {MarkVariable}={mark} /bin/sh";
}
