using System.Net;
using System.Net.Sockets;
using Weft.Grpc.Server;

namespace Weft.Grpc.Tests;

/// <summary>What a client is told when its connection does not work.</summary>
public sealed class GrpcChannelTests
{
    [Fact]
    public async Task Refused_connection_names_the_address()
    {
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        string address = free.LocalEndpoint.ToString()!;
        free.Stop();

        using var channel = GrpcChannel.ForAddress($"http://{address}");
        var failure = await UnavailableAsync(channel);
        Assert.Contains(address, failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("refused", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_host_is_named()
    {
        using var channel = GrpcChannel.ForAddress("http://no-such-host.invalid:1");
        Assert.Contains("no-such-host.invalid:1", (await UnavailableAsync(channel)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_certificate_is_refused_with_both_fingerprints()
    {
        await using var server = await StartTlsAsync();
        using var other = TestCertificate.Create("other");
        string expected = TestCertificate.Fingerprint(other);
        using var channel = GrpcChannel.ForAddress($"https://{server.Endpoints[0]}", new GrpcChannelOptions { CertificateFingerprint = expected });

        var failure = await UnavailableAsync(channel);
        Assert.Contains(server.Endpoints[0].ToString(), failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(TestCertificate.Fingerprint(TestCertificate.Shared), failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Self_signed_certificate_is_refused_when_none_is_pinned()
    {
        await using var server = await StartTlsAsync();
        using var channel = GrpcChannel.ForAddress($"https://{server.Endpoints[0]}");
        Assert.Contains("TLS", (await UnavailableAsync(channel)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleartext_to_a_TLS_port_is_unavailable()
    {
        await using var server = await StartTlsAsync();
        using var channel = GrpcChannel.ForAddress($"http://{server.Endpoints[0]}");
        Assert.Contains(server.Endpoints[0].ToString(), (await UnavailableAsync(channel)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peer_that_never_answers_meets_the_connect_timeout()
    {
        var options = new GrpcChannelOptions
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
            ConnectCallback = async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new InvalidOperationException("unreachable");
            },
        };
        using var channel = GrpcChannel.ForAddress("http://10.0.0.1:1", options);
        var failure = await UnavailableAsync(channel);
        Assert.Contains("10.0.0.1:1", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("timeout", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_write_while_one_is_in_flight_is_a_mistake()
    {
        var options = new GrpcChannelOptions
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new InvalidOperationException("unreachable");
            },
        };
        using var channel = GrpcChannel.ForAddress("http://10.0.0.1:1", options);
        var call = channel.AsyncDuplexStreamingCall(EchoService.Chat, default);
        var waiting = call.RequestStream.WriteAsync([1]).AsTask();
        Assert.False(waiting.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await call.RequestStream.WriteAsync([2]));

        call.Dispose();
        var failure = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task Reset_connection_ends_reads_and_writes_as_unavailable()
    {
        Socket? connection = null;
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(
            new GrpcServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Services = [service.Definition] });
        using var channel = GrpcChannel.ForAddress($"http://{server.Endpoints[0]}", new GrpcChannelOptions
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                connection = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await connection.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(connection);
            },
        });
        using var call = channel.AsyncDuplexStreamingCall(EchoService.Wait, default);
        await call.RequestStream.WriteAsync([1]);
        await call.ResponseHeadersAsync.WaitAsync(Patience.Long);
        Assert.Equal("message", await service.NextSeenAsync());
        var reading = call.ResponseStream.MoveNext().AsTask();

        connection!.Shutdown(SocketShutdown.Both);
        var failure = await Assert.ThrowsAsync<RpcException>(() => reading.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal("cancelled", await service.NextSeenAsync());
        var late = await Assert.ThrowsAsync<RpcException>(async () => await call.RequestStream.WriteAsync([2]));
        Assert.Equal(StatusCode.Unavailable, late.StatusCode);
    }

    [Fact]
    public async Task Channel_connects_again_after_its_server_came_back()
    {
        var service = new EchoService();
        var options = new GrpcServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Services = [service.Definition] };
        var server = await GrpcServer.StartAsync(options);
        var endpoint = server.Endpoints[0];
        using var channel = GrpcChannel.ForAddress($"http://{endpoint}");
        Assert.Equal([1], await channel.AsyncUnaryCall(EchoService.Echo, default, [1]).ResponseAsync.WaitAsync(Patience.Long));
        await server.DisposeAsync();
        await UnavailableAsync(channel);

        await using var again = await GrpcServer.StartAsync(options with { Listen = [endpoint] });
        Assert.Equal([2], await channel.AsyncUnaryCall(EchoService.Echo, default, [2]).ResponseAsync.WaitAsync(Patience.Long));
    }

    [Theory]
    [InlineData("ftp://host", null)]
    [InlineData("http://host:1", "00")]
    [InlineData("https://host:1", "00")]
    [InlineData("https://host:1", "zz000000000000000000000000000000000000000000000000000000000000zz")]
    public void Options_that_cannot_work_are_refused(string address, string? fingerprint) => Assert.Throws<ArgumentException>(
        () => GrpcChannel.ForAddress(address, new GrpcChannelOptions { CertificateFingerprint = fingerprint }));

    private static Task<GrpcServer> StartTlsAsync() => GrpcServer.StartAsync(new GrpcServerOptions
    {
        Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
        Services = [new EchoService().Definition],
        Certificate = TestCertificate.Shared,
    });

    private static async Task<RpcException> UnavailableAsync(GrpcChannel channel)
    {
        using var call = channel.AsyncUnaryCall(EchoService.Echo, default, [1]);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.DoesNotContain("   at ", failure.Status.Detail, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(failure.Status.Detail);
        return failure;
    }
}
