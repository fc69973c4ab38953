using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Weft.Grpc;
using Weft.Grpc.Server;
using Weft.Protocol;

namespace Weft.Worker;

/// <summary>Opens the port on which a worker serves its results.</summary>
internal static class WorkerListener
{
    /// <summary>The server, and the address under which others reach it.</summary>
    public static async Task<(GrpcServer Server, string Address)> StartAsync(
        WorkerHostOptions options, ServerServiceDefinition service, CancellationToken cancellationToken)
    {
        var listen = options.ListenAddress!;
        for (var port = options.Ports.First; ; port++)
        {
            try
            {
                var server = await GrpcServer.StartAsync(
                    new GrpcServerOptions
                    {
                        Listen = [new IPEndPoint(listen, port)],
                        Services = [service],
                        Certificate = options.Certificate,
                    },
                    cancellationToken).ConfigureAwait(false);
                return (server, AddressOf(options, server.Endpoints[0]));
            }
            catch (AddressInUseException) when (port != 0 && port < options.Ports.Last)
            {
                // Another worker of this host has it: the range is there for that.
            }
        }
    }

    private static string AddressOf(WorkerHostOptions options, IPEndPoint endpoint)
    {
        if (options.ContactAddress is { } contact)
        {
            return ContactAddress.HasPort(contact) ? contact : Join(contact, endpoint.Port);
        }

        var isAny = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any);
        return Join(isAny ? Dns.GetHostName() : endpoint.Address.ToString(), endpoint.Port);
    }

    private static string Join(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host)}:{port}");
}
