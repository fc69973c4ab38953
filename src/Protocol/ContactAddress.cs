using System.Globalization;

namespace Weft.Protocol;

/// <summary>What others connect to: a host, and a port when it is not the one that is listened on.</summary>
public static class ContactAddress
{
    /// <summary>Reads <c>HOST</c> or <c>HOST:PORT</c>, an IPv6 address with a port in brackets, and returns it as it is.</summary>
    /// <exception cref="FormatException">The text is of another form; the message names it and what is allowed.</exception>
    public static string Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var isWellFormed = HasPort(text) ? IsHost(text[..colon]) && IsPort(text[(colon + 1)..]) : IsHost(text);
        return isWellFormed
            ? text
            : throw new FormatException($"'{text}' is not what others can connect to: HOST or HOST:PORT, for example node7, 10.0.0.7:9000 or [fd00::7]:9000.");
    }

    /// <summary>Whether a port stands behind the host; the colons of a bare IPv6 address are its own.</summary>
    public static bool HasPort(string contact)
    {
        var colon = contact.LastIndexOf(':');
        return colon > 0 && (contact.IndexOf(':', StringComparison.Ordinal) == colon || contact[colon - 1] == ']');
    }

    private static bool IsHost(string host) =>
        Uri.CheckHostName(host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host) != UriHostNameType.Unknown;

    private static bool IsPort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
}
