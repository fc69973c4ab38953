using System.Net;
using System.Security.Cryptography.X509Certificates;
using Weft.Grpc.Server;

namespace Weft.Grpc.Tests;

/// <summary>Calls over HTTP/2 in cleartext, through real sockets.</summary>
public class HttpCallTests : CallTests
{
    private GrpcServer? _server;

    private protected virtual X509Certificate2? Certificate => null;

    private protected override async Task<CallInvoker> ConnectAsync()
    {
        _server = await GrpcServer.StartAsync(new GrpcServerOptions
        {
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            Services = [Service.Definition],
            Certificate = Certificate,
            HandlerFailed = (_, thrown) => HandlerFailures.Add(thrown),
        });
        string scheme = Certificate is null ? "http" : "https";
        return GrpcChannel.ForAddress($"{scheme}://{_server.Endpoints[0]}", new GrpcChannelOptions
        {
            CertificateFingerprint = Certificate is { } certificate ? TestCertificate.Fingerprint(certificate) : null,
            DefaultHeaders = new Metadata { { "x-default", "from the channel" } },
        });
    }

    private protected override async ValueTask ShutDownAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}

/// <summary>The same with TLS and a pinned certificate.</summary>
public sealed class HttpsCallTests : HttpCallTests
{
    private protected override X509Certificate2? Certificate => TestCertificate.Shared;
}
