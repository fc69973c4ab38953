using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Weft.Grpc.Tests.Interop;

/// <summary>Our client calls stock gRPC.</summary>
[Trait("Category", "System")]
public class StockServerTests : IAsyncLifetime
{
    private static readonly Method<byte[], byte[]> Gzipped =
        new(MethodType.Unary, EchoService.Echo.ServiceName, "Gzipped", TestMarshallers.Bytes, TestMarshallers.Bytes);

    private PythonProcess _server = null!;
    private GrpcChannel _channel = null!;

    private protected virtual X509Certificate2? Certificate => null;

    private static CallOptions Options => new(CancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask InitializeAsync()
    {
        _server = Certificate is null
            ? PythonProcess.Start("server.py")
            : PythonProcess.StartWithCertificate("server.py", Certificate, withKey: true);
        string port = await _server.ReadLineAsync();
        _channel = GrpcChannel.ForAddress($"{(Certificate is null ? "http" : "https")}://127.0.0.1:{port}", new GrpcChannelOptions
        {
            CertificateFingerprint = Certificate is null ? null : TestCertificate.Fingerprint(Certificate),
            MaxReceiveMessageSize = null,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>In one test, since starting the server takes longer than all of it.</summary>
    [Fact]
    public async Task Calls_of_all_kinds_go_through()
    {
        Assert.Equal([1, 2], await _channel.AsyncUnaryCall(EchoService.Echo, Options, [1, 2]).ResponseAsync.WaitAsync(Patience.Long));

        byte[] large = new byte[16 * 1024 * 1024];
        new Random(4).NextBytes(large);
        byte[] back = await _channel.AsyncUnaryCall(EchoService.Echo, Options, large).ResponseAsync.WaitAsync(Patience.Long);
        Assert.True(large.AsSpan().SequenceEqual(back));

        using var count = _channel.AsyncClientStreamingCall(EchoService.Count, Options);
        for (int i = 0; i < 100; i++) await count.RequestStream.WriteAsync(new byte[i]);
        await count.RequestStream.CompleteAsync();
        Assert.Equal("100 messages, 4950 bytes", Encoding.UTF8.GetString(await count.ResponseAsync.WaitAsync(Patience.Long)));

        using var repeat = _channel.AsyncServerStreamingCall(EchoService.Repeat, Options.WithHeaders(new Metadata { { "times", "50" } }), [7]);
        int repeated = 0;
        await foreach (byte[] message in repeat.ResponseStream.ReadAllAsync())
        {
            Assert.Equal([7], message);
            repeated++;
        }

        Assert.Equal(50, repeated);

        // Stock servers send their headers with the first message only: the first request must not wait for them.
        using var chat = _channel.AsyncDuplexStreamingCall(EchoService.Chat, Options);
        for (byte i = 0; i < 100; i++)
        {
            await chat.RequestStream.WriteAsync([i]);
            Assert.True(await chat.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
            Assert.Equal([i], chat.ResponseStream.Current);
        }

        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Statuses_and_metadata_are_understood()
    {
        const string Text = "grüße, 100% 世界";
        var refusal = await FailsAsync(EchoService.Fail, Encoding.UTF8.GetBytes(Text));
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
        Assert.Equal(Text, refusal.Status.Detail);
        Assert.Equal("gone", refusal.Trailers.GetValue("reason"));
        Assert.Equal([1, 2, 255], refusal.Trailers.GetValueBytes("reason-bin")!);

        Assert.Equal(StatusCode.Unimplemented, (await FailsAsync(EchoService.Missing, [])).StatusCode);

        // A stock server that is told to compress does so, though we announce that we take no compression.
        Assert.Equal(StatusCode.Unimplemented, (await FailsAsync(Gzipped, new byte[1000])).StatusCode);

        var headers = new Metadata { { "x-text", "with, comma" }, { "x-raw-bin", [0, 255, 7, 8] } };
        using var call = _channel.AsyncUnaryCall(EchoService.Headers, Options.WithHeaders(headers).WithDeadline(DateTime.UtcNow.AddMinutes(1)), []);
        Assert.Equal("deadline", Encoding.UTF8.GetString(await call.ResponseAsync.WaitAsync(Patience.Long)));
        Assert.Equal("with, comma", (await call.ResponseHeadersAsync).GetValue("x-text"));
        Assert.Equal([0, 255, 7, 8], (await call.ResponseHeadersAsync).GetValueBytes("x-raw-bin")!);
        Assert.Equal("yes", call.GetTrailers().GetValue("trailing"));
    }

    [Fact]
    public async Task Early_ends_are_seen_on_both_sides()
    {
        using (var late = _channel.AsyncDuplexStreamingCall(EchoService.Wait, Options.WithDeadline(DateTime.UtcNow.AddMilliseconds(300))))
        {
            await late.ResponseHeadersAsync.WaitAsync(Patience.Long);
            Assert.Equal(StatusCode.DeadlineExceeded, (await EndsAsync(late)).StatusCode);
            Assert.Equal("terminated", await _server.ReadLineAsync());
        }

        using var cancellation = new CancellationTokenSource();
        using (var cancelled = _channel.AsyncDuplexStreamingCall(EchoService.Wait, new CallOptions(CancellationToken: cancellation.Token)))
        {
            await cancelled.ResponseHeadersAsync.WaitAsync(Patience.Long);
            await cancellation.CancelAsync();
            Assert.Equal(StatusCode.Cancelled, (await EndsAsync(cancelled)).StatusCode);
            Assert.Equal("terminated", await _server.ReadLineAsync());
        }

        var disposed = _channel.AsyncDuplexStreamingCall(EchoService.Wait, Options);
        await disposed.ResponseHeadersAsync.WaitAsync(Patience.Long);
        disposed.Dispose();
        Assert.Equal("terminated", await _server.ReadLineAsync());

        using var orphan = _channel.AsyncDuplexStreamingCall(EchoService.Wait, Options);
        await orphan.ResponseHeadersAsync.WaitAsync(Patience.Long);
        _server.Kill();
        Assert.Equal(StatusCode.Unavailable, (await EndsAsync(orphan)).StatusCode);
    }

    private static Task<RpcException> EndsAsync(AsyncDuplexStreamingCall<byte[], byte[]> call) =>
        Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));

    private async Task<RpcException> FailsAsync(Method<byte[], byte[]> method, byte[] request)
    {
        using var call = _channel.AsyncUnaryCall(method, Options, request);
        return await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience.Long));
    }
}

/// <summary>The same with TLS and a pinned certificate.</summary>
public sealed class StockTlsServerTests : StockServerTests
{
    private protected override X509Certificate2? Certificate => TestCertificate.Shared;
}
