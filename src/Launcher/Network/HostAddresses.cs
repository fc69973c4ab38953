using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Weft.Launcher;

/// <summary>By which address others reach this host.</summary>
public static class HostAddresses
{
    /// <summary>Documentation's network of RFC 5737: stands for the world, and nobody is there.</summary>
    private static readonly IPAddress World = IPAddress.Parse("198.51.100.1");

    /// <summary>The address by which the world would reach this host; loopback when there is no network: then there is no world.</summary>
    public static IPAddress Outgoing() => Towards(World) ?? FirstUnicast() ?? IPAddress.Loopback;

    /// <summary>The address from which this host would speak to a peer, as its routing table says; nothing is sent. Null when there is no way.</summary>
    public static IPAddress? Towards(IPAddress peer)
    {
        try
        {
            using var socket = new Socket(peer.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new IPEndPoint(peer, 9));
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The address of a network interface by its name, IPv4 first.</summary>
    /// <exception cref="LaunchException">There is no such interface, or it has no address; the message names those that there are.</exception>
    public static IPAddress OfInterface(string name)
    {
        var interfaces = NetworkInterface.GetAllNetworkInterfaces();
        var found = interfaces.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw new LaunchException(ExitCodes.Usage, $"--interface: there is no network interface '{name}' here, only {string.Join(", ", interfaces.Select(static one => one.Name))}.");
        return Unicast(found).FirstOrDefault()
            ?? throw new LaunchException(ExitCodes.Usage, $"--interface: the network interface '{name}' has no address.");
    }

    /// <summary>The address of a host name or of the text of an address, IPv4 first.</summary>
    /// <exception cref="LaunchException">The name is not known.</exception>
    public static IPAddress OfName(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(host).OrderBy(static one => one.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException or ArgumentException)
        {
            throw new LaunchException(ExitCodes.Usage, $"--host: '{host}' is neither an address nor the name of a host known here.");
        }
    }

    /// <summary>Whether an address to listen on stands for all of this host's: nobody can connect to such a one.</summary>
    public static bool IsAny(IPAddress listen) => listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any);

    private static IPAddress? FirstUnicast() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static candidate => candidate.OperationalStatus == OperationalStatus.Up)
        .SelectMany(Unicast)
        .FirstOrDefault(static address => !IPAddress.IsLoopback(address));

    private static IEnumerable<IPAddress> Unicast(NetworkInterface candidate) => candidate.GetIPProperties().UnicastAddresses
        .Select(static unicast => unicast.Address)
        .Where(static address => !address.IsIPv6LinkLocal)
        .OrderBy(static address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1);
}
