using System.Net.Http;
using System.Net.Sockets;

namespace Weft.Serialization.Tests.Values;

public sealed class RefusalTests
{
    [Fact]
    public void Refusal_names_the_path_the_type_and_the_reason()
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        Order order = new() { Lines = [new(), new(), new(), new() { Socket = socket }] };

        ValueSerializationException failure = Assert.Throws<ValueSerializationException>(() => RoundTrip.Bytes(order));

        Assert.Equal("RefusalTests.Order.Lines[3].Socket", failure.MemberPath);
        Assert.Equal("RefusalTests.Order.Lines[3].Socket: System.Net.Sockets.Socket cannot be serialized: it holds an operating-system resource.", failure.Message);
    }

    [Fact]
    public void Path_is_the_same_with_generated_code()
    {
        ValueSerializer generating = new(usesBeforeCode: 1);
        RoundTrip.Bytes(new Order { Lines = [new()] }, generating);
        RoundTrip.Bytes(new Order { Lines = [new()] }, generating);
        Order order = new() { Lines = [new() { Any = new Dictionary<string, object> { ["key"] = Task.CompletedTask } }] };

        ValueSerializationException failure = Assert.Throws<ValueSerializationException>(() => RoundTrip.Bytes(order, generating));

        Assert.Equal("RefusalTests.Order.Lines[0].Any[\"key\"]", failure.MemberPath);
    }

    [Fact]
    public void Captured_variable_is_named_by_its_name()
    {
        using MemoryStream stream = new();
        Func<long> closure = () => stream.Length;
        ValueSerializationException failure = Assert.Throws<ValueSerializationException>(() => RoundTrip.Bytes(closure.Target));
        Assert.StartsWith("closure.stream: System.IO.MemoryStream cannot be serialized", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_belongs_to_a_process_is_refused()
    {
        using HttpClient http = new();
        using Timer timer = new(_ => { });
        using CancellationTokenSource source = new();
        using SemaphoreSlim semaphore = new(1);
        object[] values =
        [
            Stream.Null, Thread.CurrentThread, Task.FromResult(1), ValueTask.FromResult(2), timer, source, source.Token, http, semaphore,
            new IntPtr(5), new WeakReference(this), new WeakReference<object>(this), () => { }, typeof(int).Assembly, typeof(int).GetMethods()[0],
            TextWriter.Null, new ThreadLocal<int>(), new AsyncLocal<int>(), new TaskCompletionSource(), new FileInfo("x"), new object[] { new ManualResetEvent(false) },
            new System.Collections.Hashtable(),
        ];
        Assert.All(values, value =>
        {
            ValueSerializationException failure = Assert.Throws<ValueSerializationException>(() => RoundTrip.Bytes(value));
            Assert.Contains("cannot be serialized: ", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public unsafe void Pointers_are_refused_by_the_name_of_the_field()
    {
        ValueSerializationException failure = Assert.Throws<ValueSerializationException>(() => RoundTrip.Bytes(new Pointing()));
        Assert.Equal("RefusalTests.Pointing.Address: System.Int32* cannot be serialized: an address means nothing in another process.", failure.Message);
        Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.CodecFor(typeof(int*)));
        Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.CodecFor(typeof(Span<int>)));
        Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.CodecFor(typeof(List<>)));
    }

    [Fact]
    public void Absent_members_of_refused_types_do_no_harm()
    {
        Order copy = RoundTrip.Of(new Order { Lines = [new()] });
        Assert.Null(copy.Lines[0].Socket);
    }

    [Fact]
    public void Comparer_made_of_a_lambda_is_refused_as_the_comparer()
    {
        SortedSet<int> set = new(Comparer<int>.Create((a, b) => b - a)) { 1 };
        ValueSerializationException failure = Assert.Throws<ValueSerializationException>(() => RoundTrip.Bytes(set));
        Assert.Contains(".Comparer.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a delegate is code", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_names_a_refused_or_unfit_type_is_not_read()
    {
        Assert.Contains("is declared", Refusal<IComparable>(Named("System.Uri, System.Private.Uri")), StringComparison.Ordinal);
        Assert.Contains("not known here", Refusal<object>(Named("No.Such.Type, Nowhere")), StringComparison.Ordinal);
        Assert.Contains("not allowed", Refusal<object>(Named("System.Diagnostics.Process, System.Diagnostics.Process")), StringComparison.Ordinal);
        Assert.Contains("operating-system", Refusal<object>(Named("System.Net.Sockets.Socket, System.Net.Sockets")), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolver_decides_which_types_exist()
    {
        List<string> asked = [];
        ValueSerializer serializer = new()
        {
            TypeResolver = name =>
            {
                asked.Add(name);
                return name.StartsWith("System.Guid", StringComparison.Ordinal) ? typeof(Guid) : null;
            },
        };
        Assert.Equal(Guid.Empty, RoundTrip.Of<object>(Guid.Empty, serializer));
        Assert.Throws<ValueSerializationException>(() => RoundTrip.Of<object>(TimeSpan.Zero, serializer));
        Assert.Equal(["System.Guid, System.Private.CoreLib", "System.TimeSpan, System.Private.CoreLib"], asked);
    }

    private static string Refusal<T>(byte[] data) => Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.Read<T>(data)).Message;

    private static byte[] Named(string type)
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        ValueWriter writer = new(output, ValueSerializer.Default);
        writer.WriteArrayHeader(2);
        writer.WriteExtension(0x11, System.Text.Encoding.UTF8.GetBytes(type));
        writer.WriteArrayHeader(0);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public sealed class Order
    {
        public List<Line> Lines { get; init; } = [];
    }

    public sealed class Line
    {
        public Socket? Socket { get; init; }

        public object? Any { get; init; }
    }

    public sealed unsafe class Pointing
    {
        public int* Address;
    }
}
