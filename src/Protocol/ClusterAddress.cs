using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Weft.Protocol;

/// <summary>Where a scheduler or worker listens: <c>tcp://host:port</c> in cleartext, <c>tls://host:port</c> otherwise.</summary>
public readonly record struct ClusterAddress(bool IsTls, string Host, int Port)
{
    private const string TcpScheme = "tcp://";
    private const string TlsScheme = "tls://";

    /// <summary>Whether nothing said to this address can leave the machine.</summary>
    public bool IsLoopback => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary><c>host:port</c>, with brackets around an IPv6 address.</summary>
    public string Authority => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <exception cref="FormatException">The text is of another form; the message names it and what is allowed.</exception>
    public static ClusterAddress Parse(string text) => TryParse(text, out var address, out var problem)
        ? address
        : throw new FormatException(problem);

    public static bool TryParse(string text, out ClusterAddress address, [NotNullWhen(false)] out string? problem)
    {
        address = default;
        problem = $"'{text}' is not an address: tcp://HOST:PORT or tls://HOST:PORT, for example tls://10.0.0.7:{Limits.DefaultSchedulerPort}.";
        var isTls = text.StartsWith(TlsScheme, StringComparison.Ordinal);
        if (!isTls && !text.StartsWith(TcpScheme, StringComparison.Ordinal))
        {
            return false;
        }

        var authority = text[TcpScheme.Length..].TrimEnd('/');
        var colon = authority.LastIndexOf(':');
        if (colon <= 0
            || !ushort.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0)
        {
            return false;
        }

        var host = authority[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        address = new ClusterAddress(isTls, host, port);
        problem = null;
        return true;
    }

    public override string ToString() => (IsTls ? TlsScheme : TcpScheme) + Authority;
}
