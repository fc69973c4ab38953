using System.Globalization;

namespace Weft.Launcher;

/// <summary>The ports that a process may listen on: one (0 is any free one), or the first free one of a range.</summary>
public readonly record struct PortRange(int First, int Last)
{
    public static readonly PortRange Any = new(0, 0);

    public int Count => Last - First + 1;

    /// <summary>Reads <c>PORT</c> or <c>FIRST-LAST</c>.</summary>
    /// <exception cref="FormatException">The text is of another form; the message names it and what is allowed.</exception>
    public static PortRange Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 && TryParsePort(text, out var port))
        {
            return new PortRange(port, port);
        }

        if (dash > 0 && TryParsePort(text[..dash], out var first) && TryParsePort(text[(dash + 1)..], out var last) && first > 0 && first <= last)
        {
            return new PortRange(first, last);
        }

        throw new FormatException($"'{text}' is neither a port from 0 to 65535 (0: any free one) nor a range FIRST-LAST such as 9000-9100.");
    }

    /// <exception cref="FormatException">The text is no port; the message names it and what is allowed.</exception>
    public static int ParsePort(string text) => TryParsePort(text, out var port)
        ? port
        : throw new FormatException($"'{text}' is not a port from 0 to 65535 (0: any free one).");

    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;
}
