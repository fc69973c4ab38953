using System.Globalization;

namespace Weft.Launcher;

/// <summary>What others connect to: a host, and a port when it is not the one that is listened on.</summary>
public static class ContactAddress
{
    /// <summary>Reads <c>HOST</c> or <c>HOST:PORT</c>, an IPv6 address with a port in brackets, and returns it as it is.</summary>
    /// <exception cref="FormatException">The text is of another form; the message names it and what is allowed.</exception>
    public static string Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var isBareHost = colon < 0 || (text.IndexOf(':', StringComparison.Ordinal) != colon && text[colon - 1] != ']');
        var host = isBareHost ? text : text[..colon];
        return IsHost(host) && (isBareHost || IsPort(text[(colon + 1)..]))
            ? text
            : throw new FormatException($"'{text}' is not what others can connect to: HOST or HOST:PORT, for example node7, 10.0.0.7:9000 or [fd00::7]:9000.");
    }

    private static bool IsHost(string host) =>
        Uri.CheckHostName(host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host) != UriHostNameType.Unknown;

    private static bool IsPort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
}
