using System.Globalization;

namespace Weft.Launcher;

/// <summary>A port of this machine that leads to one of the head.</summary>
public readonly record struct HeadForward(int Port, int Remote)
{
    /// <summary>Reads <c>PORT</c> or <c>PORT:REMOTE</c>.</summary>
    /// <exception cref="FormatException">The text is of another form.</exception>
    public static HeadForward Parse(string text)
    {
        var words = text.Split(':');
        return words.Length <= 2 && TryPort(words[0], out var port) && TryPort(words[^1], out var remote)
            ? new HeadForward(port, remote)
            : throw new FormatException($"'{text}' is not PORT or PORT:REMOTE, with ports from 1 to 65535.");
    }

    private static bool TryPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
