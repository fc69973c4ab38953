using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Weft.Grpc.Tests;

/// <summary>Methods that do what a test asks of them, and tell it what they have seen.</summary>
internal sealed class EchoService
{
    private const string Service = "weft.test.Echo";

    public static readonly Method<byte[], byte[]> Echo = Bytes(MethodType.Unary, "Echo");
    public static readonly Method<byte[], byte[]> Count = Bytes(MethodType.ClientStreaming, "Count");
    public static readonly Method<byte[], byte[]> Repeat = Bytes(MethodType.ServerStreaming, "Repeat");
    public static readonly Method<byte[], byte[]> Chat = Bytes(MethodType.DuplexStreaming, "Chat");
    public static readonly Method<byte[], byte[]> Fail = Bytes(MethodType.Unary, "Fail");
    public static readonly Method<byte[], byte[]> Throw = Bytes(MethodType.Unary, "Throw");
    public static readonly Method<byte[], byte[]> Headers = Bytes(MethodType.Unary, "Headers");
    public static readonly Method<byte[], byte[]> Wait = Bytes(MethodType.DuplexStreaming, "Wait");
    public static readonly Method<byte[], byte[]> Flood = Bytes(MethodType.DuplexStreaming, "Flood");
    public static readonly Method<byte[], byte[]> Quit = Bytes(MethodType.DuplexStreaming, "Quit");
    public static readonly Method<byte[], byte[]> Refuse = Bytes(MethodType.DuplexStreaming, "Refuse");
    public static readonly Method<byte[], byte[]> Greet = Bytes(MethodType.DuplexStreaming, "Greet");
    public static readonly Method<byte[], byte[]> Partial = Bytes(MethodType.ServerStreaming, "Partial");
    public static readonly Method<byte[], byte[]> Sleep = Bytes(MethodType.Unary, "Sleep");
    public static readonly Method<byte[], byte[]> Desert = Bytes(MethodType.DuplexStreaming, "Desert");
    public static readonly Method<byte[], byte[]> Missing = Bytes(MethodType.Unary, "Missing");

    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();

    public EchoService()
    {
        Definition = ServerServiceDefinition.CreateBuilder()
            .AddMethod(Echo, (request, _) => Task.FromResult(request))
            .AddMethod(Count, CountAsync)
            .AddMethod(Repeat, RepeatAsync)
            .AddMethod(Chat, ChatAsync)
            .AddMethod(Fail, FailAsync)
            .AddMethod(Throw, ThrowAsync)
            .AddMethod(Headers, HeadersAsync)
            .AddMethod(Wait, WaitAsync)
            .AddMethod(Flood, FloodAsync)
            .AddMethod(Quit, QuitAsync)
            .AddMethod(Refuse, RefuseAsync)
            .AddMethod(Greet, GreetAsync)
            .AddMethod(Partial, PartialAsync)
            .AddMethod(Sleep, SleepAsync)
            .AddMethod(Desert, DesertAsync)
            .Build();
    }

    public ServerServiceDefinition Definition { get; }

    /// <summary>What handlers have seen, in order.</summary>
    public async Task<string> NextSeenAsync() => await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Long);

    private static Method<byte[], byte[]> Bytes(MethodType type, string name) =>
        new(type, Service, name, TestMarshallers.Bytes, TestMarshallers.Bytes);

    private static async Task<byte[]> CountAsync(IAsyncStreamReader<byte[]> requests, ServerCallContext context)
    {
        int messages = 0;
        long bytes = 0;
        await foreach (byte[] request in requests.ReadAllAsync())
        {
            messages++;
            bytes += request.Length;
        }

        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messages} messages, {bytes} bytes"));
    }

    private static async Task RepeatAsync(byte[] request, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        int times = int.Parse(context.RequestHeaders.GetValue("times")!, CultureInfo.InvariantCulture);
        for (int i = 0; i < times; i++) await responses.WriteAsync(request);
    }

    private static async Task ChatAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        while (await requests.MoveNext()) await responses.WriteAsync(requests.Current);
    }

    private static Task<byte[]> FailAsync(byte[] request, ServerCallContext context) => throw new RpcException(
        new Status(StatusCode.NotFound, Encoding.UTF8.GetString(request)), new Metadata { { "reason", "gone" }, { "reason-bin", [1, 2, 255] } });

    private static Task RefuseAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.PermissionDenied, "not you"));

    private static Task<byte[]> ThrowAsync(byte[] request, ServerCallContext context) => throw new FormatException("a secret of the server");

    private static async Task<byte[]> HeadersAsync(byte[] request, ServerCallContext context)
    {
        var answer = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal))) answer.Add(entry);
        await context.WriteResponseHeadersAsync(answer);
        context.ResponseTrailers.Add("method", context.Method);
        context.ResponseTrailers.Add("peer-known", context.Peer.Length > 0 ? "yes" : "no");
        return Encoding.UTF8.GetBytes(context.Deadline == DateTime.MaxValue ? "no deadline" : "deadline");
    }

    /// <summary>Reads until the client ends the call, in whatever way.</summary>
    private async Task WaitAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync([]);
        try
        {
            while (await requests.MoveNext()) Saw("message");
            Saw("half-close");
        }
        catch (OperationCanceledException)
        {
            Saw(context.CancellationToken.IsCancellationRequested ? "cancelled" : "cancelled without its token");
            throw;
        }
    }

    /// <summary>Writes more than anyone reads, until it is stopped.</summary>
    private async Task FloodAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        int written = 0;
        try
        {
            byte[] message = new byte[1024 * 1024];
            for (; written < 10_000; written++) await responses.WriteAsync(message);
            Saw("never stopped");
        }
        catch (OperationCanceledException)
        {
            Saw("stopped");
            throw;
        }
    }

    /// <summary>Ends the call without reading what the client still sends.</summary>
    private static Task QuitAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.FailedPrecondition, "not today"));

    /// <summary>Speaks before the client does.</summary>
    private static async Task GreetAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "hello", "first" } });
        while (await requests.MoveNext())
        {
        }
    }

    /// <summary>Sleeps until it is woken by the end of the call.</summary>
    private static async Task<byte[]> SleepAsync(byte[] request, ServerCallContext context)
    {
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
        return request;
    }

    /// <summary>Returns while a read is pending.</summary>
    private static Task DesertAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        _ = requests.MoveNext().AsTask();
        return Task.CompletedTask;
    }

    /// <summary>Two messages, of which the second is still buffered, and then a failure.</summary>
    private static async Task PartialAsync(byte[] request, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        await responses.WriteAsync(request);
        responses.WriteOptions = WriteOptions.Buffered;
        await responses.WriteAsync(request);
        throw new RpcException(new Status(StatusCode.Aborted, "halfway"));
    }

    private void Saw(string what) => _seen.Writer.TryWrite(what);
}
