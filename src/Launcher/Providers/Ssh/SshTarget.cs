using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Weft.Launcher;

/// <summary>A host as people write it: <c>[user@]host[:port]</c>, an IPv6 address with a port in brackets.</summary>
/// <param name="User">Null: as <c>ssh</c> decides.</param>
/// <param name="Host">A name or address, without brackets.</param>
/// <param name="Port">Null: as <c>ssh</c> decides.</param>
internal readonly record struct SshTarget(string? User, string Host, int? Port)
{
    /// <summary>What <c>ssh</c> and <c>rsync</c> take, without the port.</summary>
    public string Login => User is null ? Host : $"{User}@{Host}";

    /// <summary>As it is told to people.</summary>
    public override string ToString() => Port is not { } port ? Login
        : string.Create(CultureInfo.InvariantCulture, $"{(User is null ? "" : $"{User}@")}{(IsAddress6(Host) ? $"[{Host}]" : Host)}:{port}");

    public static bool TryParse(string text, out SshTarget target, [NotNullWhen(false)] out string? objection)
    {
        target = default;
        var at = text.LastIndexOf('@');
        var user = at < 0 ? null : text[..at];
        if (!TrySplit(text[(at + 1)..], out var host, out var portText))
        {
            objection = $"'{text}' is no host: a bracket is missing, or something follows it that is no port";
            return false;
        }

        int? port = null;
        if (portText is not null)
        {
            if (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > 65535)
            {
                objection = $"'{text}' has the port '{portText}': it is 1 to 65535";
                return false;
            }

            port = number;
        }

        // A name that begins with a dash would be an option to ssh.
        if (!IsWord(host) || (user is not null && !IsWord(user)))
        {
            objection = $"'{text}' is no host: it is written host, user@host, host:port or user@host:port";
            return false;
        }

        target = new SshTarget(user, host, port);
        objection = null;
        return true;
    }

    private static bool TrySplit(string text, out string host, out string? port)
    {
        port = null;
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            host = close < 0 ? "" : text[1..close];
            var rest = text[(close + 1)..];
            port = rest.Length > 0 ? rest[1..] : null;
            return close > 0 && IsAddress6(host) && (rest.Length == 0 || rest[0] == ':');
        }

        // Two colons and no brackets: an address of IPv6 without a port.
        var colon = text.IndexOf(':');
        var isSplit = colon >= 0 && !IsAddress6(text);
        host = isSplit ? text[..colon] : text;
        port = isSplit ? text[(colon + 1)..] : null;
        return true;
    }

    private static bool IsAddress6(string host) => host.IndexOf(':') != host.LastIndexOf(':');

    private static bool IsWord(string text) =>
        text.Length > 0 && text[0] != '-' && text.All(static letter => letter > ' ' && letter != '\x7f' && !"'\"\\`$;&|<>()/[]@".Contains(letter));
}
