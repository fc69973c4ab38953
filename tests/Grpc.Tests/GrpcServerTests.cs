using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Weft.Grpc.Server;

namespace Weft.Grpc.Tests;

/// <summary>What a server does besides calls that go well.</summary>
public sealed class GrpcServerTests : IAsyncLifetime
{
    private readonly EchoService _service = new();
    private GrpcServer? _server;
    private GrpcChannel? _channel;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task Authorizer_refuses_every_method_by_its_headers()
    {
        await StartAsync(options => options with
        {
            Authorize = context => context.RequestHeaders.GetValue("token") == "right"
                ? Status.DefaultSuccess
                : new Status(StatusCode.Unauthenticated, "no token, no service"),
        });
        foreach (var method in new[] { EchoService.Echo, EchoService.Missing })
        {
            var refusal = await FailsAsync(_channel!.AsyncUnaryCall(method, default, [1]));
            Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
            Assert.Equal("no token, no service", refusal.Status.Detail);
        }

        var admitted = _channel!.AsyncUnaryCall(EchoService.Echo, new CallOptions(new Metadata { { "token", "right" } }), [1]);
        Assert.Equal([1], await admitted.ResponseAsync.WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Authorizer_that_throws_admits_nobody()
    {
        var failures = new List<Exception>();
        await StartAsync(options => options with
        {
            Authorize = _ => throw new FormatException("broken"),
            HandlerFailed = (_, thrown) => failures.Add(thrown),
        });
        Assert.Equal(StatusCode.Unknown, (await FailsAsync(_channel!.AsyncUnaryCall(EchoService.Echo, default, [1]))).StatusCode);
        Assert.Equal("broken", Assert.Single(failures).Message);
    }

    [Fact]
    public async Task Request_over_the_servers_limit_names_size_and_limit()
    {
        await StartAsync(options => options with { MaxReceiveMessageSize = 100 });
        var refusal = await FailsAsync(_channel!.AsyncUnaryCall(EchoService.Echo, default, new byte[101]));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal("The received message has 101 bytes; at most 100 are accepted.", refusal.Status.Detail);
    }

    [Fact]
    public async Task Response_over_the_servers_limit_is_not_sent()
    {
        await StartAsync(options => options with { MaxSendMessageSize = 100 });
        var refusal = await FailsAsync(_channel!.AsyncUnaryCall(EchoService.Echo, default, new byte[101]));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Contains("101", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_over_the_clients_limit_is_not_sent()
    {
        await StartAsync();
        var refusal = await FailsAsync(_channel!.AsyncUnaryCall(EchoService.Echo, new CallOptions { MaxSendMessageSize = 100 }, new byte[101]));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Response_over_the_clients_limit_ends_the_call()
    {
        await StartAsync();
        var refusal = await FailsAsync(_channel!.AsyncUnaryCall(EchoService.Echo, new CallOptions { MaxReceiveMessageSize = 100 }, new byte[101]));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Messages_of_many_MiB_pass_when_both_limits_allow()
    {
        await StartAsync(options => options with { MaxReceiveMessageSize = null });
        byte[] message = new byte[40 * 1024 * 1024];
        new Random(2).NextBytes(message);
        var call = _channel!.AsyncUnaryCall(EchoService.Echo, new CallOptions { MaxReceiveMessageSize = int.MaxValue }, message);
        byte[] response = await call.ResponseAsync.WaitAsync(Patience.Long);
        Assert.True(message.AsSpan().SequenceEqual(response));
    }

    [Fact]
    public async Task More_streams_than_one_connection_allows_take_another()
    {
        await StartAsync(options => options with { MaxStreamsPerConnection = 100 });
        var calls = Enumerable.Range(0, 150).Select(_ => _channel!.AsyncDuplexStreamingCall(EchoService.Chat, default)).ToList();
        foreach (var call in calls)
        {
            await call.RequestStream.WriteAsync([1]).AsTask().WaitAsync(Patience.Long);
            Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        }

        calls.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task Stream_that_was_refused_before_its_first_message_is_opened_again()
    {
        // Fewer than the client assumes until it has heard from the server.
        await StartAsync(options => options with { MaxStreamsPerConnection = 10 });
        var calls = Enumerable.Range(0, 25).Select(_ => _channel!.AsyncDuplexStreamingCall(EchoService.Wait, default)).ToList();
        foreach (var call in calls) await call.ResponseHeadersAsync.WaitAsync(Patience.Long);
        foreach (var call in calls)
        {
            await call.RequestStream.WriteAsync([1]).AsTask().WaitAsync(Patience.Long);
            Assert.Equal("message", await _service.NextSeenAsync());
        }

        calls.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task Busy_port_is_named()
    {
        await StartAsync();
        var busy = _server!.Endpoints[0];
        var failure = await Assert.ThrowsAsync<AddressInUseException>(
            () => GrpcServer.StartAsync(new GrpcServerOptions { Listen = [busy], Services = [_service.Definition] }));
        Assert.Contains(busy.ToString(), failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Several may bind one port before the first of them listens: the others are refused only when they listen, too.</summary>
    [Fact]
    public async Task Of_servers_that_start_at_a_time_at_one_port_the_late_are_told_that_it_is_taken()
    {
        for (var round = 0; round < 20; round++)
        {
            IPEndPoint port;
            await using (var before = await GrpcServer.StartAsync(new GrpcServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Services = [_service.Definition] }))
            {
                port = before.Endpoints[0];
            }

            var servers = new ConcurrentBag<GrpcServer>();
            var failures = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Record.ExceptionAsync(() => Task.Run(StartOneAsync)).AsTask()));
            await Assert.Single(servers).DisposeAsync();
            Assert.All(failures.OfType<Exception>(), failure => Assert.Contains(port.ToString(), Assert.IsType<AddressInUseException>(failure).Message, StringComparison.Ordinal));

            async Task StartOneAsync() => servers.Add(await GrpcServer.StartAsync(new GrpcServerOptions { Listen = [port], Services = [_service.Definition] }));
        }
    }

    [Fact]
    public async Task Every_address_is_listened_on()
    {
        await StartAsync(options => options with { Listen = [new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, 0)] });
        Assert.Equal(2, _server!.Endpoints.Select(endpoint => endpoint.Port).Distinct().Count());
        foreach (var endpoint in _server.Endpoints)
        {
            using var channel = GrpcChannel.ForAddress($"http://{endpoint}");
            Assert.Equal([1], await channel.AsyncUnaryCall(EchoService.Echo, default, [1]).ResponseAsync.WaitAsync(Patience.Long));
        }
    }

    [Fact]
    public async Task Connection_middleware_sees_the_bytes_inside_TLS()
    {
        var firstBytes = new TaskCompletionSource<string>();
        await using var server = await GrpcServer.StartAsync(new GrpcServerOptions
        {
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            Services = [_service.Definition],
            Certificate = TestCertificate.Shared,
            ConfigureListener = listener => listener.Use(next => async connection =>
            {
                var peeked = await connection.Transport.Input.ReadAtLeastAsync(3);
                firstBytes.TrySetResult(Encoding.ASCII.GetString(peeked.Buffer.Slice(0, 3)));
                connection.Transport.Input.AdvanceTo(peeked.Buffer.Start);
                await next(connection);
            }),
        });
        using var channel = GrpcChannel.ForAddress(
            $"https://{server.Endpoints[0]}", new GrpcChannelOptions { CertificateFingerprint = TestCertificate.Fingerprint(TestCertificate.Shared) });
        Assert.Equal([1], await channel.AsyncUnaryCall(EchoService.Echo, default, [1]).ResponseAsync.WaitAsync(Patience.Long));
        Assert.Equal("PRI", await firstBytes.Task.WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Call_whose_handler_left_a_read_pending_leaves_the_connection_whole()
    {
        await StartAsync();
        for (int i = 0; i < 50; i++)
        {
            using var call = _channel!.AsyncDuplexStreamingCall(EchoService.Desert, default);
            Assert.False(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
            Assert.Equal([1], await _channel!.AsyncUnaryCall(EchoService.Echo, default, [1]).ResponseAsync.WaitAsync(Patience.Long));
        }
    }

    [Fact]
    public async Task Stop_lets_an_open_call_finish()
    {
        await StartAsync();
        using var call = _channel!.AsyncDuplexStreamingCall(EchoService.Chat, default);
        await call.RequestStream.WriteAsync([1]);
        Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));

        var stopping = _server!.StopAsync(Patience.Long);
        await call.RequestStream.WriteAsync([2]);
        Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        Assert.Equal([2], call.ResponseStream.Current);
        Assert.False(stopping.IsCompleted);

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        await stopping.WaitAsync(Patience.Long);
    }

    [Fact]
    public async Task Stop_cuts_off_a_call_that_does_not_finish_in_time()
    {
        await StartAsync();
        using var call = _channel!.AsyncDuplexStreamingCall(EchoService.Wait, default);
        await call.ResponseHeadersAsync.WaitAsync(Patience.Long);
        var reading = call.ResponseStream.MoveNext().AsTask();
        await _server!.StopAsync(TimeSpan.FromMilliseconds(50)).WaitAsync(Patience.Long);
        var failure = await Assert.ThrowsAsync<RpcException>(() => reading.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal("cancelled", await _service.NextSeenAsync());
    }

    [Fact]
    public async Task Other_content_types_are_answered_with_415()
    {
        await StartAsync();
        using var response = await PostAsync("/weft.test.Echo/Echo", [], "application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    /// <summary>gRPC's "Trailers-Only": https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Responses.</summary>
    [Theory]
    [InlineData("/weft.test.Echo/Missing", "12", null)]
    [InlineData("/weft.test.Echo/Fail", "5", null)]
    [InlineData("/weft.test.Echo/Echo", null, "0")]
    [InlineData("/weft.test.Echo/Headers", null, "0")]
    public async Task Status_comes_first_where_nothing_else_comes(string path, string? first, string? last)
    {
        await StartAsync();
        using var response = await PostAsync(path, [0, 0, 0, 0, 1, 9], "application/grpc");
        Assert.Equal(first, StatusIn(response.Headers));
        Assert.Equal(last, StatusIn(response.TrailingHeaders));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 9 }, null, null, StatusCode.Unimplemented)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 9 }, "grpc-encoding", "gzip", StatusCode.Unimplemented)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 9 }, "grpc-encoding", "identity", StatusCode.OK)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 9 }, "grpc-timeout", "soon", StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 9 }, null, null, StatusCode.Internal)]
    [InlineData(new byte[] { 9, 0, 0, 0, 1, 9 }, null, null, StatusCode.Internal)]
    [InlineData(new byte[0], null, null, StatusCode.Unimplemented)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, null, null, StatusCode.Unimplemented)]
    public async Task Requests_that_break_the_rules_get_a_status(byte[] body, string? header, string? value, StatusCode expected)
    {
        await StartAsync();
        using var response = await PostAsync("/weft.test.Echo/Echo", body, "application/grpc+proto", header, value);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(((int)expected).ToString(System.Globalization.CultureInfo.InvariantCulture), StatusIn(expected == StatusCode.OK ? response.TrailingHeaders : response.Headers));
        if (header == "grpc-encoding" && value == "gzip") Assert.Equal("identity", response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Fact]
    public async Task Deadline_is_kept_by_the_server_when_the_client_does_not()
    {
        await StartAsync();
        using var response = await PostAsync("/weft.test.Echo/Sleep", [0, 0, 0, 0, 0], "application/grpc", "grpc-timeout", "50m");
        Assert.Equal("4", StatusIn(response.Headers));
    }

    private static string? StatusIn(HttpResponseHeaders headers) => headers.TryGetValues("grpc-status", out var values) ? values.Single() : null;

    private static async Task<RpcException> FailsAsync(AsyncUnaryCall<byte[]> call)
    {
        using (call) return await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience.Long));
    }

    private async Task StartAsync(Func<GrpcServerOptions, GrpcServerOptions>? configure = null)
    {
        var options = new GrpcServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Services = [_service.Definition] };
        _server = await GrpcServer.StartAsync(configure?.Invoke(options) ?? options);
        _channel = GrpcChannel.ForAddress($"http://{_server.Endpoints[0]}");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string contentType, string? header = null, string? value = null)
    {
        using var http = new HttpClient { Timeout = Patience.Long };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{_server!.Endpoints[0]}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
        };
        if (header is not null) request.Headers.Add(header, value);
        return await http.SendAsync(request);
    }
}
