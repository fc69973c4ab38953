using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Weft.Grpc.Server;

/// <summary>What a Kestrel that could not start says of its addresses.</summary>
public static class ListenFailure
{
    /// <summary>
    /// Tells an address that another has from all that can fail besides. Kestrel does so where an address cannot be bound. Several may bind one before the first of them listens, though, and the others are
    /// refused when they listen: that comes out as the socket says it, without the address.
    /// </summary>
    /// <param name="failure">What Kestrel threw.</param>
    /// <param name="listen">What it was to listen on.</param>
    /// <returns>Names the address; null: it failed for another reason.</returns>
    public static AddressInUseException? AsAddressInUse(Exception failure, params IReadOnlyList<IPEndPoint> listen) => failure switch
    {
        IOException { InnerException: AddressInUseException } => new AddressInUseException(failure.Message, failure),
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => new AddressInUseException($"Failed to listen on {string.Join(" and ", listen)}: address already in use.", failure),
        _ => null,
    };
}
