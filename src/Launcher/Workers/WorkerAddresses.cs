using System.Net;
using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>Where a worker listens for its peers.</summary>
internal static class WorkerAddresses
{
    /// <summary>What was asked for: an interface, an address, or every address of this host; of a cluster on one machine, that machine's own.</summary>
    /// <exception cref="LaunchException">There is no such interface or host.</exception>
    public static IPAddress Listen(WorkerGroupOptions options, ClusterEndpoint scheduler) => options switch
    {
        { Interface: { } name } => HostAddresses.OfInterface(name),
        { Host: { } host } => HostAddresses.OfName(host),
        _ => scheduler.Address.IsLoopback ? IPAddress.Loopback : IPAddress.Any,
    };

    /// <summary>What peers connect to when nothing was asked for: the address from which this host speaks to the scheduler.</summary>
    public static string Contact(WorkerGroupOptions options, IPAddress listen, string schedulerHost)
    {
        if (options.ContactAddress is { } contact)
        {
            return contact;
        }

        if (HostAddresses.IsAny(listen))
        {
            return (HostAddresses.Towards(HostAddresses.OfName(schedulerHost)) ?? HostAddresses.Outgoing()).ToString();
        }

        return options.Host is { } host && options.Interface is null ? host : listen.ToString();
    }
}
