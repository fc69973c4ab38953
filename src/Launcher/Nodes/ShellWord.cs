namespace Weft.Launcher;

/// <summary>Texts as one word of a POSIX shell.</summary>
internal static class ShellWord
{
    private const string Harmless = "_@%+=:,./-";

    /// <summary>The text itself, whatever is in it.</summary>
    public static string Of(string text) =>
        text.Length > 0 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || Harmless.Contains(letter))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>A path; one that begins with <c>~/</c> lies in the home folder of whoever runs the shell.</summary>
    public static string OfPath(string path) => path switch
    {
        "~" => "\"$HOME\"",
        ['~', '/', .. var rest] => $"\"$HOME\"/{Of(rest)}",
        _ => Of(path),
    };
}
