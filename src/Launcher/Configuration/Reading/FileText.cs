namespace Weft.Launcher;

/// <summary>Texts of a cluster file as messages show them: one line, not too long.</summary>
internal static class FileText
{
    private const int ShownMax = 60;

    public static string Shown(string text)
    {
        var line = text.Length <= ShownMax ? text : $"{text[..ShownMax]}…";
        return string.Concat(line.Select(static letter => char.IsControl(letter) ? ' ' : letter));
    }
}
