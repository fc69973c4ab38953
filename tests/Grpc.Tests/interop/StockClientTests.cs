using System.Net;
using Weft.Grpc.Server;

namespace Weft.Grpc.Tests.Interop;

/// <summary>Stock gRPC calls our server.</summary>
[Trait("Category", "System")]
public sealed class StockClientTests
{
    private static readonly string[] Checks =
    [
        "unary", "large_unary", "client_streaming", "server_streaming", "duplex_streaming", "headers_before_any_message", "metadata",
        "status_and_trailers", "deadline", "cancel", "unimplemented", "gzip_is_refused",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stock_client_gets_what_it_expects(bool tls)
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(new GrpcServerOptions
        {
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            Services = [service.Definition],
            Certificate = tls ? TestCertificate.Shared : null,
            MaxReceiveMessageSize = null,
        });
        string address = server.Endpoints[0].ToString();
        await using var client = tls
            ? PythonProcess.StartWithCertificate("client.py", TestCertificate.Shared, withKey: false, address)
            : PythonProcess.Start("client.py", address);
        var (exitCode, output, errors) = await client.ReadToEndAsync();

        Assert.True(exitCode == 0, output + errors);
        Assert.Equal(Checks.Select(check => $"passed {check}"), output.Trim().Split('\n'));
        Assert.Equal("cancelled", await service.NextSeenAsync());
    }
}
