namespace Weft.Launcher;

/// <summary>Words as <c>/bin/sh</c> reads them.</summary>
internal static class ShellText
{
    private const string Plain = "-_./:=,+@%^";

    /// <summary>A word that the shell takes as it is, quoted only where it must be.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(IsPlain) ? word : $"'{word.Replace("'", "'\\''")}'";

    /// <summary>A path as one word; one that begins with <c>~/</c> lies in the home of whoever runs the shell.</summary>
    public static string QuotePath(string path) => path switch
    {
        "~" => "\"$HOME\"",
        ['~', '/', .. var rest] => $"\"$HOME\"/{Quote(rest)}",
        _ => Quote(path),
    };

    /// <summary>A command as a person would type it.</summary>
    public static string CommandLine(string program, IEnumerable<string> arguments) => string.Join(' ', arguments.Prepend(program).Select(Quote));

    /// <summary>The words of a line, which are parted by blanks; quotes of either kind keep blanks together, and nothing else means anything.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        char? quote = null;
        var isInWord = false;
        foreach (var next in line)
        {
            if (next == quote)
            {
                quote = null;
            }
            else if (quote is null && next is '\'' or '"')
            {
                (quote, isInWord) = (next, true);
            }
            else if (quote is null && char.IsWhiteSpace(next))
            {
                End();
            }
            else
            {
                word.Append(next);
                isInWord = true;
            }
        }

        End();
        return words;

        void End()
        {
            if (isInWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isInWord = false;
            }
        }
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter);
}
